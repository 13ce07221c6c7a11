import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Tx } from '../transactions.ts';
import type { PageFilter } from './page-filter.ts';

/**
 * For the rest of the transaction rows are read along an index, and every statement sees one moment. A walk stops at its limit;
 * the planner, which thinks that few rows will match, would read and sort the whole table instead.
 */
export async function planWalk(tx: Tx, { title }: PageFilter): Promise<void> {
  await sql`set transaction isolation level repeatable read, read only; set local enable_seqscan = off;
    select set_config('enable_bitmapscan', (${title === undefined ? sql`false` : findsTitles()})::text, true)`.execute(
    tx,
  );
}

/** Whether somebody made an index of trigrams, which finds a rare title at once, but by a bitmap alone. */
function findsTitles(): RawBuilder<boolean> {
  return sql`exists (
    select from pg_index i join pg_class c on c.oid = i.indrelid join pg_opclass o on o.oid = any (i.indclass)
    where c.relname = 'confluence_pages' and i.indisvalid and o.opcname in ('gin_trgm_ops', 'gist_trgm_ops')
  )`;
}
