import pg from 'pg';
import type { Log } from '../sync/ambient.ts';
import { WrongConfiguration } from '../sync/errors.ts';
import { createAddressBook } from './address-book.ts';
import type { AddressBook } from './address-book.ts';
import { ConnectionLost } from './connection-lost.ts';
import { errorCode } from './error-code.ts';
import { serverErrorOf } from './fault-of.ts';
import type { RawClient, RawPool } from './guard-pool.ts';
import { isUntrusted } from './is-untrusted.ts';

/**
 * Connections to a PostgreSQL server. Nothing is set per session, so it works behind a pooler in transaction mode. Where the
 * server refuses the password, the address is read again: it may have been changed on both sides.
 */
export function createPostgresPool(
  url: string,
  max: number,
  log: Log,
  addresses: AddressBook = createAddressBook(url, null, log),
): RawPool {
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
  const connect = createConnecting(pool, addresses, log);
  return { connect: async () => rawClient(await connect(), log), end: () => pool.end() };
}

/** A password that was good before may be good again: it is changed here and there, but not at one moment. */
function createConnecting(pool: pg.Pool, addresses: AddressBook, log: Log): () => Promise<pg.PoolClient> {
  let wasLetIn = false;
  return async () => {
    const tried = addresses.current();
    try {
      const client = await tryConnecting(pool);
      wasLetIn = true;
      return client;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const renewed = addresses.renew();
      // The pool reads its options for each new connection.
      pool.options.connectionString = renewed;
      if (renewed !== tried) {
        log.info({}, 'the database refused the password, and is asked with a new one');
        return await tryConnecting(pool);
      }
      if (wasLetIn && addresses.mayChange) throw new ConnectionLost('28P01', 'the password is refused');
      throw error;
    }
  };
}

async function tryConnecting(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw wrongTls(error) ?? error;
  }
}

function isRefusal(error: unknown): boolean {
  return serverErrorOf(error)?.code.startsWith('28') === true;
}

/** Trouble with TLS that trying again does not end. */
function wrongTls(error: unknown): WrongConfiguration | null {
  const code = errorCode(error);
  if (isUntrusted(code)) {
    return new WrongConfiguration(
      `the database could not prove who it is (${code}): name the authority that signed its certificate with sslrootcert=<file> in DATABASE_URL, and its host as the certificate does`,
    );
  }
  if (code === 'ENOENT' || code === 'EACCES')
    return new WrongConfiguration(`a certificate file that DATABASE_URL names cannot be read (${code})`);
  // The driver gives this error no code; it has said it in these words since its first version.
  if (
    code === '' &&
    error instanceof Error &&
    error.message === 'The server does not support SSL connections'
  )
    return new WrongConfiguration('the database offers no TLS, and sslmode in DATABASE_URL asks for it');
  return null;
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
