import type { Log } from '../sync/ambient.ts';
import { SyncError, WrongConfiguration } from '../sync/errors.ts';
import type { AddressBook } from './address-book.ts';
import type { DatabaseAddress } from './database-address.ts';
import { errorCode } from './error-code.ts';
import type { RawPool } from './guard-pool.ts';
import { lockFolder } from './lock-folder.ts';
import type { Unlock } from './lock-folder.ts';
import { createPglitePool } from './pglite-pool.ts';
import { createPostgresPool } from './postgres-pool.ts';

/** The driver's pool for an address; for a folder it holds the folder's lock until its end. */
export async function connectDatabase(
  address: DatabaseAddress,
  poolMax: number,
  log: Log,
  addresses?: AddressBook,
): Promise<RawPool> {
  if (address.kind === 'postgresql') return postgresPool(address.url, poolMax, log, addresses);
  if (address.folder === null) return createPglitePool(null);
  const unlock = await lock(address.folder);
  try {
    const pool = await createPglitePool(address.folder);
    return { ...pool, end: () => pool.end().finally(unlock) };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function lock(folder: string): Promise<Unlock> {
  try {
    return await lockFolder(folder);
  } catch (error) {
    if (error instanceof SyncError) throw error;
    const why = errorCode(error) || 'unknown error';
    throw new WrongConfiguration(
      `the folder ${folder} cannot be used for a database (${why}): set DATABASE_URL to another`,
    );
  }
}

function postgresPool(url: string, poolMax: number, log: Log, addresses: AddressBook | undefined): RawPool {
  try {
    return createPostgresPool(url, poolMax, log, addresses);
  } catch {
    // The driver's error repeats the address, with the password in it.
    throw new WrongConfiguration(
      'DATABASE_URL is no address that PostgreSQL understands: postgres://user:password@host:5432/name',
    );
  }
}
