import { sql } from 'kysely';
import type { Clock, Log } from '../sync/ambient.ts';
import { LeaseLost, LeaseTaken, SyncError } from '../sync/errors.ts';
import type { Lease, LeaseGrant } from '../sync/store.ts';
import type { Fence } from './fence.ts';
import { takeWritersLock } from './fence.ts';
import type { TableNames } from './table-names.ts';
import type { Transactions, Tx } from './transactions.ts';

/** `closing` ends the renewal of every grant. */
export type LeaseParts = Readonly<{
  transactions: Transactions;
  schema: string;
  names: TableNames;
  fence: Fence;
  clock: Clock;
  log: Log;
  closing: AbortSignal;
}>;

/** Judged by the database's clock alone. */
const TTL = sql`interval '4 seconds'`;
const HEARTBEAT_MS = 1_000;
const LOOK_AGAIN_MS = 250;

/** `sign` changes whenever the holder shows life, or another takes its place. */
type Claim = Readonly<{ kind: 'granted'; token: string }> | Readonly<{ kind: 'held'; sign: string }>;

/**
 * A row with a time-to-live, renewed every second. A holder that does not renew it is waited for until its time is over, so
 * the first worker after a crash gets in; a holder that shows life ends the wait with `LeaseTaken`.
 */
export function createLease(parts: LeaseParts): Lease {
  return {
    acquire: async () => {
      const token = await claimOrWait(parts);
      parts.fence.token = token;
      parts.fence.lastSeq = null;
      parts.fence.excused = new Set();
      parts.log.info({ token }, 'lease acquired');
      return keep(parts, token);
    },
  };
}

async function claimOrWait(parts: LeaseParts): Promise<string> {
  let seen: string | null = null;
  for (;;) {
    const claim = await parts.transactions.run((tx) => tryClaim(tx, parts));
    if (claim.kind === 'granted') return claim.token;
    if (seen !== null && claim.sign !== seen) {
      throw new LeaseTaken('another worker holds the lease and is alive: wait for its run to end');
    }
    seen = claim.sign;
    await parts.clock.sleep(LOOK_AGAIN_MS, parts.closing);
  }
}

/** Under the writers' lock: a takeover waits for the batch that the former holder may still be committing. */
async function tryClaim(tx: Tx, { schema, names }: LeaseParts): Promise<Claim> {
  await takeWritersLock(tx, schema);
  const claimed = await sql<{ token: string }>`
    update ${names('confluence_sync_state')} set lease_holder = gen_random_uuid()::text, lease_token = lease_token + 1,
      lease_expires_at = clock_timestamp() + ${TTL}
    where lease_holder is null or lease_expires_at < clock_timestamp()
    returning lease_token::text as token`.execute(tx);
  const granted = claimed.rows[0];
  if (granted !== undefined) return { kind: 'granted', token: granted.token };
  const { rows } = await sql<{ sign: string }>`
    select concat_ws(' ', lease_token, lease_expires_at) as sign from ${names('confluence_sync_state')}`.execute(
    tx,
  );
  return { kind: 'held', sign: rows[0]?.sign ?? '' };
}

function keep(parts: LeaseParts, token: string): LeaseGrant {
  const [lost, released] = [new AbortController(), new AbortController()];
  const over = AbortSignal.any([lost.signal, released.signal, parts.closing]);
  const renewing = renewUntil(over, parts, token, lost);
  const release = async (): Promise<void> => {
    if (released.signal.aborted) return;
    released.abort();
    await renewing;
    if (parts.fence.token === token) parts.fence.token = null;
    if (!lost.signal.aborted) await giveBack(parts, token);
  };
  return { lost: lost.signal, release };
}

async function renewUntil(
  over: AbortSignal,
  parts: LeaseParts,
  token: string,
  lost: AbortController,
): Promise<void> {
  while (await pause(parts, over)) await heartbeat(parts, token, lost);
}

/** Waits for the next heartbeat; false when there is none to come. */
async function pause(parts: LeaseParts, over: AbortSignal): Promise<boolean> {
  try {
    await parts.clock.sleep(HEARTBEAT_MS, over);
    return !over.aborted;
  } catch (error) {
    if (over.aborted) return false;
    throw error;
  }
}

/** Renews the lease, also after its time is over, as long as nobody else took it. */
async function heartbeat(parts: LeaseParts, token: string, lost: AbortController): Promise<void> {
  try {
    const renewed = await parts.transactions.once(async (tx) => {
      const { numAffectedRows } = await sql`
        update ${parts.names('confluence_sync_state')} set lease_expires_at = clock_timestamp() + ${TTL}
        where lease_token = ${token}::bigint and lease_holder is not null`.execute(tx);
      return numAffectedRows === 1n;
    });
    if (renewed) return;
    parts.log.error({ token }, 'lease lost');
    lost.abort(new LeaseLost('another worker took the lease over: this run must end'));
  } catch (error) {
    parts.log.warn(
      { error: error instanceof SyncError ? error.message : 'unknown' },
      'lease not renewed, trying again',
    );
  }
}

/** Never throws: a lease that could not be given back runs out by itself. */
async function giveBack(parts: LeaseParts, token: string): Promise<void> {
  try {
    await parts.transactions.once(async (tx) => {
      await sql`update ${parts.names('confluence_sync_state')} set lease_holder = null, lease_expires_at = null
        where lease_token = ${token}::bigint`.execute(tx);
    });
  } catch (error) {
    parts.log.warn({ error: error instanceof SyncError ? error.message : 'unknown' }, 'lease not given back');
  }
}
