import { sql } from 'kysely';
import { WrongConfiguration } from '../sync/errors.ts';
import { arrayText } from './array-text.ts';
import type { PageChange } from './decide.ts';
import type { TableNames } from './table-names.ts';
import { timestampText } from './timestamp-text.ts';
import type { Tx } from './transactions.ts';

/**
 * Writes pages, their bodies and their feed rows in one statement, and tells the listeners: no change without its feed row and
 * no feed row without its change. Returns the last feed row's `seq`. Throws `WrongConfiguration` where a page did not reach its
 * table. Times are the statement's, which comes after the wait for the writers' lock.
 */
export async function writeChanges(
  tx: Tx,
  names: TableNames,
  runId: string,
  changes: readonly PageChange[],
): Promise<bigint> {
  const column = (value: (change: PageChange) => string | number | boolean | null) =>
    arrayText(changes.map(value));
  // Arrays, not a row of parameters a page: more than 65,535 parameters wrap around silently. Bodies alone are a parameter each,
  // so that neither side has to escape them.
  const { rows } = await sql<{ written: string; told: string; seq: string }>`
    with i as materialized (
      select *, statement_timestamp() as now from unnest(
        ${column(({ input }) => input.id)}::text[], ${column(({ fields }) => fields.title)}::text[], ${column(({ fields }) => fields.spaceKey)}::text[],
        ${column((change) => change.contentHash)}::text[],
        ${column(({ fields }) => timestampText(fields.lastUpdated))}::timestamptz[],
        ${column(({ fields }) => fields.version)}::int4[], ${column(({ fields }) => fields.url)}::text[], ${column(({ fields }) => fields.type)}::text[],
        ${column((change) => change.status)}::text[], ${column(({ fields }) => fields.parentId)}::text[],
        ${column((change) => change.hashVersion)}::int2[], ${column((change) => change.deletedReason)}::text[],
        ${column((change) => change.kind)}::text[], ${column((change) => change.contentChanged)}::bool[],
        ${column((change) => change.previousHash)}::text[], array[${sql.join(changes.map((change) => change.storage))}]::text[]
      ) with ordinality as u (id, title, space_key, content_hash, last_updated, version, url, type, status, parent_id,
        hash_version, deleted_reason, kind, content_changed, previous_hash, storage, position)
    ), created as (
      insert into ${names('confluence_pages')} (id, title, space_key, content_hash, last_updated, version, url, synced_at,
        type, status, parent_id, hash_version, content_changed_at)
      select id, title, space_key, content_hash, last_updated, version, url, now, type, status, parent_id, hash_version, now
      from i where kind = 'created'
      returning 1
    ), changed as (
      update ${names('confluence_pages')} p set title = i.title, space_key = i.space_key, content_hash = i.content_hash,
        last_updated = i.last_updated, version = i.version, url = i.url, synced_at = i.now, type = i.type,
        status = i.status, parent_id = i.parent_id, hash_version = i.hash_version,
        content_changed_at = case when i.content_changed then i.now else p.content_changed_at end,
        deleted_at = case when i.deleted_reason is not null then i.now end, deleted_reason = i.deleted_reason
      from i where i.kind <> 'created' and p.id = i.id
      returning 1
    ), bodies as (
      insert into ${names('confluence_page_bodies')} (page_id, storage)
      select id, storage from i where storage is not null
      on conflict (page_id) do update set storage = excluded.storage
    ), feed as (
      insert into ${names('confluence_page_changes')} (page_id, space_key, kind, content_changed, previous_hash,
        content_hash, version, run_id, changed_at)
      select id, space_key, kind, content_changed, previous_hash, content_hash, version, ${runId}, now
      from i order by position
      returning seq
    )
    select pg_notify('confluence_page_changes', max(seq)::text), max(seq)::text as seq, count(*) as told,
      (select count(*) from created) + (select count(*) from changed) as written
    from feed`.execute(tx);
  refuseSilence(changes.length, rows[0]);
  return BigInt(rows[0]?.seq ?? 0);
}

/** A trigger or a rule can drop a row without a word; table and feed would then tell different stories for ever. */
function refuseSilence(sent: number, kept: Readonly<{ written: string; told: string }> | undefined): void {
  if (Number(kept?.written) === sent && Number(kept?.told) === sent) return;
  throw new WrongConfiguration(
    `of ${sent} pages ${kept?.written ?? 0} reached confluence_pages and ${kept?.told ?? 0} the feed: look for a trigger or a rule that is not ours; nothing of them was written`,
  );
}
