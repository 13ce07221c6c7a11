import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { DatabaseUnavailable, LeaseLost } from '../sync/errors.ts';
import type { TableNames } from './table-names.ts';
import type { Tx } from './transactions.ts';

/**
 * `token`: the fencing token of the lease this worker holds; null while it holds none. `lastSeq`: the last feed row that it
 * committed under the lease. `excused`: codes of refusals for which the tables were looked at under the lease, and found in order.
 */
export type Fence = { token: string | null; lastSeq: bigint | null; excused: ReadonlySet<string> };

/**
 * Takes the writers' lock for the rest of the transaction: writers come one after another, so the feed's `seq` order is
 * commit order, and what is read from here on does not change under the writer.
 */
export async function takeWritersLock(tx: Tx, schema: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(lockKey(schema))})`.execute(tx);
}

/**
 * Takes the writers' lock and throws `LeaseLost` unless this worker's lease is still the current one. Throws
 * `DatabaseUnavailable` where the server forgot what the worker committed, as a standby does that takes over too early: writing
 * on would leave a hole that no later run looks for.
 */
export async function enterFence(tx: Tx, schema: string, names: TableNames, fence: Fence): Promise<void> {
  // Two statements in one round trip. As one statement, the token would be read as it was before the wait for the lock.
  const { rows } = await sql<{ token: string; remembers?: boolean }>`
    select pg_advisory_xact_lock(${sql.lit(lockKey(schema))});
    select lease_token::text as token ${remembers(names, fence.lastSeq)} from ${names('confluence_sync_state')}`.execute(
    tx,
  );
  const current = rows[0]?.token;
  if (fence.token === null) throw new LeaseLost('nothing was written: this worker holds no lease');
  if (current !== fence.token) {
    throw new LeaseLost('nothing was written: another worker took the lease over; this run must end');
  }
  if (rows[0]?.remembers === false) {
    throw new DatabaseUnavailable(
      'the database lost what this run had stored, as after a failover to a standby that lags or a restored backup: nothing more was written, run it again',
    );
  }
}

/** A column that tells whether the feed still has the row, or had it until it was tidied. */
function remembers(names: TableNames, lastSeq: bigint | null): RawBuilder<unknown> {
  if (lastSeq === null) return sql``;
  const last = sql.lit(lastSeq);
  return sql`, coalesce(changes_removed_to >= ${last}, false)
    or exists (select from ${names('confluence_page_changes')} where seq = ${last}) as remembers`;
}

/** Stable for a schema's name, and unlikely to be another program's. */
function lockKey(schema: string): bigint {
  return createHash('sha256').update(`confluence-sync:${schema}`).digest().readBigInt64BE(0);
}
