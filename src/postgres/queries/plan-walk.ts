import { sql } from 'kysely';
import type { Tx } from '../transactions.ts';

/**
 * For the rest of the transaction rows are read along an index, and every statement sees one moment. A walk stops at its limit;
 * the planner, which thinks that few rows will match, would read and sort the whole table instead.
 */
export async function planWalk(tx: Tx): Promise<void> {
  await sql`set transaction isolation level repeatable read, read only; set local enable_seqscan = off;
    set local enable_bitmapscan = off`.execute(tx);
}
