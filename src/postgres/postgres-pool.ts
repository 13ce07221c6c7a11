import pg from 'pg';
import type { Log } from '../sync/ambient.ts';
import { errorCode } from './error-code.ts';
import type { RawClient, RawPool } from './guard-pool.ts';

/** Connections to a PostgreSQL server. Nothing is set per session, so it works behind a pooler in transaction mode. */
export function createPostgresPool(url: string, max: number, log: Log): RawPool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: 'confluence-sync',
    connectionTimeoutMillis: 10_000,
    // Longer than statement_timeout: it ends a wait for a server that is gone without a word.
    query_timeout: 65_000,
    keepAlive: true,
    maxLifetimeSeconds: 1_800,
  });
  // Without this listener an idle connection that breaks ends the process.
  pool.on('error', (error) => {
    log.warn({ code: errorCode(error) }, 'idle database connection lost');
  });
  return { connect: async () => rawClient(await pool.connect(), log), end: () => pool.end() };
}

function rawClient(client: pg.PoolClient, log: Log): RawClient {
  return {
    query: (statement, parameters) =>
      parameters.length === 0 ? client.query(statement) : client.query(statement, [...parameters]),
    onLost: (lost) => {
      // The pool's own listener is off while a client is checked out.
      const listener = (error: Error): void => {
        log.warn({ code: errorCode(error) }, 'database connection lost');
        lost();
      };
      client.on('error', listener);
      return () => client.off('error', listener);
    },
    release: (broken) => {
      client.release(broken);
    },
  };
}
