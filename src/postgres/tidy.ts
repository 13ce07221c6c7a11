import { sql } from 'kysely';
import { enterFence } from './fence.ts';
import type { Retention } from './retention.ts';
import type { StoreParts } from './store-parts.ts';
import type { TableNames } from './table-names.ts';
import type { Tx } from './transactions.ts';

/** Feed rows, and bodies, that one transaction removes at most. */
const SLICE = 5_000;

/**
 * Removes one slice of what is kept no longer: the feed's oldest rows, and the bodies of pages that are gone. Returns true
 * while there may be more.
 */
export async function tidy(parts: StoreParts, retention: Retention): Promise<boolean> {
  const { changesKeepDays: days, deletedBodies } = retention;
  const drops = deletedBodies === 'drop';
  if (days === null && !drops) return false;
  return parts.transactions.run(async (tx) => {
    await enterFence(tx, parts.schema, parts.names, parts.fence);
    const changes = days === null ? 0n : await removeOldChanges(tx, parts.names, days);
    const bodies = drops ? await dropBodies(tx, parts.names) : 0n;
    return changes >= SLICE || bodies >= SLICE;
  });
}

/**
 * Cuts the feed from its beginning, up to the first row that is young enough: a hole in its midst, where the clock was set back,
 * could not be told to a reader. In one statement with the mark that tells how far it was cut.
 */
async function removeOldChanges(tx: Tx, names: TableNames, days: number): Promise<bigint> {
  const { rows } = await sql<{ removed: string }>`
    with oldest as (
      select seq, changed_at < statement_timestamp() - make_interval(days => ${days}::int) as old
      from ${names('confluence_page_changes')} order by seq limit ${SLICE}::int
    ), removed as (
      delete from ${names('confluence_page_changes')}
      where seq in (select seq from oldest where old)
        and seq < coalesce((select min(seq) from oldest where not old), 9223372036854775807)
      returning seq
    ), marked as (
      update ${names('confluence_sync_state')} set changes_removed_to = (select max(seq) from removed)
      where exists (select from removed)
    )
    select count(*) as removed from removed`.execute(tx);
  return BigInt(rows[0]?.removed ?? 0);
}

/** A body's row stays, empty, so that a page always has one. */
async function dropBodies(tx: Tx, names: TableNames): Promise<bigint> {
  const { numAffectedRows } = await sql`
    update ${names('confluence_page_bodies')} b set storage = '' from (
      select b.page_id from ${names('confluence_pages')} p join ${names('confluence_page_bodies')} b on b.page_id = p.id
      where p.deleted_at is not null and b.storage <> '' limit ${SLICE}::int
    ) as kept where b.page_id = kept.page_id`.execute(tx);
  return numAffectedRows ?? 0n;
}
