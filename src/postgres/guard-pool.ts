import { isNativeError } from 'node:util/types';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { SyncError } from '../sync/errors.ts';
import { ConnectionLost } from './connection-lost.ts';
import { errorCode } from './error-code.ts';
import { faultOf, serverErrorOf } from './fault-of.ts';

/** A result as both drivers give it. */
export type RawResult = Readonly<{ command: string; rowCount: number | null; rows: unknown[] }>;

/** One checked-out connection of a driver. Statements without parameters may be several, separated by semicolons. */
export interface RawClient {
  query(statement: string, parameters: readonly unknown[]): Promise<RawResult | readonly RawResult[]>;
  /** Calls `lost` when the connection breaks while no statement runs; returns how to stop listening. */
  onLost(lost: () => void): () => void;
  release(broken: boolean): void;
}

/** What a driver must offer to be used as this product's pool. */
export interface RawPool {
  connect(): Promise<RawClient>;
  end(): Promise<void>;
}

/**
 * Time-outs and formats for one transaction, in the round trip that opens it. They are local to the transaction, so they
 * work behind a pooler and whatever the role's defaults are. The isolation level is explicit: under another default the
 * rows read after waiting for the lock would be those from before it.
 */
const BEGIN = [
  'begin isolation level read committed',
  "set local statement_timeout = '60s'",
  "set local lock_timeout = '10s'",
  "set local idle_in_transaction_session_timeout = '10s'",
  // Idle is who sent nothing. Half a statement from a host that is gone would keep the writers' lock for two hours.
  'set local tcp_keepalives_idle = 30',
  'set local tcp_keepalives_interval = 10',
  'set local tcp_keepalives_count = 3',
  "set local timezone = 'UTC'",
  "set local datestyle = 'ISO, YMD'",
  // Joins here lead from a batch to rows by their key. Left to itself, the planner reads a middling table whole for each.
  'set local enable_hashjoin = off',
  'set local enable_mergejoin = off',
].join('; ');

const NOTHING: RawResult = { command: '', rowCount: 0, rows: [] };

/**
 * A pool for kysely over a driver's pool. A COMMIT that the server turned into a ROLLBACK throws, an error that did not come
 * from the server becomes `ConnectionLost`, and a connection that showed either, or a fault of its own, is never used again.
 */
export function guardPool(pool: RawPool): PostgresPool {
  return {
    connect: async () => guardClient(await connect(pool)),
    end: () => pool.end(),
  };
}

async function connect(pool: RawPool): Promise<RawClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw translated(error);
  }
}

function guardClient(client: RawClient): PostgresPoolClient {
  let broken = false;
  const stopListening = client.onLost(() => {
    broken = true;
  });
  const query = async (statement: string, parameters: readonly unknown[]) => {
    // Nothing to roll back where the server is gone; the attempt would hide why.
    if (broken && statement === 'rollback') return NOTHING;
    try {
      return await answer(client, statement, parameters);
    } catch (error) {
      const failure = translated(error);
      broken ||= statement === 'begin' || statement === 'commit' || faultOf(failure).kind === 'connection';
      throw failure;
    }
  };
  const release = () => {
    stopListening();
    client.release(broken);
  };
  // Kysely's client type is generic in the row and has a second form for cursors, which this product does not use.
  return { query: query as PostgresPoolClient['query'], release };
}

async function answer(
  client: RawClient,
  statement: string,
  parameters: readonly unknown[],
): Promise<RawResult> {
  const results = await client.query(statement === 'begin' ? BEGIN : statement, parameters);
  const last = Array.isArray(results) ? (results as readonly RawResult[]).at(-1) : (results as RawResult);
  const result = last ?? NOTHING;
  // PostgreSQL answers COMMIT of an aborted transaction with success and the word ROLLBACK.
  if (statement === 'commit' && result.command !== 'COMMIT') {
    throw new ConnectionLost(
      'commit_refused',
      'the server rolled the transaction back when it was told to commit',
    );
  }
  return result;
}

/** Keeps what the server said and what is a bug of ours; all else is trouble with the connection. */
function translated(error: unknown): unknown {
  if (serverErrorOf(error) !== null || error instanceof ConnectionLost || error instanceof SyncError)
    return error;
  if (!isNativeError(error) || error.name === 'TypeError' || error.name === 'RangeError') return error;
  return new ConnectionLost(errorCode(error), error.message);
}
