import type { StoreUnderTest } from '../../contract/page-store-values.ts';
import type { ObservedChange, ObservedMirror, ObservedRow } from './observed-mirror.ts';

/** A mirror in a database, emptied. */
export async function observePostgres({ database, query }: StoreUnderTest): Promise<ObservedMirror> {
  await query(
    `truncate confluence_page_bodies, confluence_pages, confluence_page_changes, confluence_sync_failures, confluence_sync_runs,
       confluence_sync_spaces;
     update confluence_sync_state set deployment = null, base_url = null, cloud_id = null`,
  );
  const read = async <Row>(statement: string) => (await query(statement)) as unknown as readonly Row[];
  return {
    parts: database,
    rows: async () =>
      new Map(
        (
          await read<ObservedRow>(
            `select id, title, space_key as "spaceKey", version, url, status, parent_id as "parentId", type, storage,
               (extract(epoch from last_updated) * 1000)::float8 as "lastUpdated", content_hash as "contentHash",
               deleted_reason as "deletedReason", concat(synced_at, deleted_at, content_changed_at, p.xmin) as written
             from confluence_pages p join confluence_page_bodies b on page_id = id`,
          )
        ).map((row) => [row.id, row]),
      ),
    changes: () =>
      read<ObservedChange>(
        `select page_id as id, space_key as "spaceKey", kind, version, content_hash as "contentHash",
           previous_hash as "previousHash", content_changed as "contentChanged", run_id as "runId"
         from confluence_page_changes order by seq`,
      ),
    failures: async () =>
      new Set(
        (await read<{ id: string }>('select page_id as id from confluence_sync_failures')).map(
          ({ id }) => id,
        ),
      ),
  };
}
