import { sql } from 'kysely';
import type { ContentType, DeletedReason, PageStatus } from '../sync/page.ts';
import { arrayText } from './array-text.ts';
import type { PageInput } from './prepare-batch.ts';
import type { TableNames } from './table-names.ts';
import type { Tx } from './transactions.ts';

/** A page's row as the transaction sees it, with what deciding about it needs of body and quarantine. */
export type StoredPage = Readonly<{
  title: string;
  spaceKey: string;
  contentHash: string;
  lastUpdated: Date;
  version: number;
  url: string;
  type: ContentType;
  status: PageStatus;
  parentId: string | null;
  hashVersion: number;
  deletedReason: DeletedReason | null;
  deleted: boolean;
  hasBody: boolean;
  /** SHA-256 of the stored body, computed only where the hashes leave open whether the bodies differ. */
  storageDigest: string | null;
}>;

/** What is stored of each input's id. */
export type Stored = Readonly<{ page: StoredPage | null; quarantined: boolean }>;

type Row = Record<keyof StoredPage, unknown> & { id: string; stored: boolean; quarantined: boolean };

/** Reads the rows of a batch in one statement that locks and writes nothing, so that unchanged pages cost no WAL. */
export async function readStored(
  tx: Tx,
  names: TableNames,
  inputs: readonly PageInput[],
): Promise<ReadonlyMap<string, Stored>> {
  if (inputs.length === 0) return new Map();
  const ids = inputs.map(({ id }) => id);
  const hashes = inputs.map((input) => (input.kind === 'record' ? input.record.contentHash : null));
  const hashVersions = inputs.map((input) => (input.kind === 'record' ? input.record.hashVersion : null));
  const { rows } = await sql<Row>`
    select i.id, p.id is not null as stored, f.page_id is not null as quarantined,
      p.title, p.space_key as "spaceKey", p.content_hash as "contentHash", p.last_updated as "lastUpdated", p.version,
      p.url, p.type, p.status, p.parent_id as "parentId", p.hash_version as "hashVersion",
      p.deleted_reason as "deletedReason", p.deleted_at is not null as deleted, b.page_id is not null and not (p.deleted_at is not null and b.storage = '') as "hasBody",
      case when p.content_hash = i.content_hash or p.hash_version <> i.hash_version
        then encode(sha256(convert_to(b.storage, 'UTF8')), 'hex') end as "storageDigest"
    from unnest(${arrayText(ids)}::text[], ${arrayText(hashes)}::text[], ${arrayText(hashVersions)}::int2[]) as i (id, content_hash, hash_version)
    left join ${names('confluence_pages')} p on p.id = i.id
    left join ${names('confluence_page_bodies')} b on b.page_id = p.id
    left join ${names('confluence_sync_failures')} f on f.page_id = i.id
    where p.id is not null or f.page_id is not null`.execute(tx);
  return new Map(rows.map((row) => [row.id, storedOf(row)]));
}

function storedOf(row: Row): Stored {
  // The columns are the table's own, whose types the schema check holds.
  return { page: row.stored ? (row as StoredPage) : null, quarantined: row.quarantined };
}
