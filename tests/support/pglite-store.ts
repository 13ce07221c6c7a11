import { createDatabase } from '../../src/postgres/create-database.ts';
import { createPglitePool } from '../../src/postgres/pglite-pool.ts';
import type { RawPool, RawResult } from '../../src/postgres/guard-pool.ts';
import type { StoreUnderTest } from '../contract/page-store-values.ts';
import { databaseParts } from './database-parts.ts';

/** A mirror in an embedded database in memory. */
export async function openPgliteStore(): Promise<StoreUnderTest> {
  const pool = await createPglitePool(null);
  const settings = {
    kind: 'pglite',
    schema: 'public',
    patience: { workingMs: 5_000, openingMs: 5_000 },
  } as const;
  const database = await createDatabase(pool, settings, databaseParts);
  await database.migrator.up();
  return { database, query: (statement) => queryRaw(pool, statement), close: () => database.close() };
}

/** Asks a driver's pool directly, past everything that is under test. */
export async function queryRaw(
  pool: RawPool,
  statement: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = await pool.connect();
  try {
    const result = await client.query(statement, []);
    const last = Array.isArray(result) ? (result as readonly RawResult[]).at(-1) : (result as RawResult);
    return (last?.rows ?? []) as readonly Record<string, unknown>[];
  } finally {
    client.release(false);
  }
}
