import { createDatabase } from '../../src/postgres/create-database.ts';
import type { Database } from '../../src/postgres/create-database.ts';
import type { RawPool } from '../../src/postgres/guard-pool.ts';
import { createPostgresPool } from '../../src/postgres/postgres-pool.ts';
import type { StoreUnderTest } from '../contract/page-store-values.ts';
import { databaseParts } from './database-parts.ts';
import { queryRaw } from './pglite-store.ts';
import { createTestDatabase } from './real-postgres.ts';

/** A mirror in a PostgreSQL database of the test's own, and more openings of the same one. */
export type PostgresStore = StoreUnderTest &
  Readonly<{
    url: string;
    /** Leads to the server itself, whatever `url` leads through. */
    direct: string;
    /** Opens the database again, as another worker would; `through` may spoil the connections. */
    openAgain: (through?: (pool: RawPool) => RawPool, patienceMs?: number) => Promise<Database>;
  }>;

/** Opens a clone of the template. */
export async function openPostgresStore(): Promise<PostgresStore> {
  const { url, direct, drop } = await createTestDatabase();
  const outside = createPostgresPool(url, 2, databaseParts.log);
  const opened: Database[] = [];
  const openAgain: PostgresStore['openAgain'] = async (through = (pool) => pool, patienceMs = 20_000) => {
    const pool = through(createPostgresPool(url, 3, databaseParts.log));
    const patience = { workingMs: patienceMs, openingMs: patienceMs };
    const database = await createDatabase(
      pool,
      { kind: 'postgresql', schema: 'public', patience },
      databaseParts,
    );
    opened.push(database);
    return database;
  };
  const close = async (): Promise<void> => {
    for (const database of opened) await database.close();
    await outside.end();
    await drop();
  };
  return {
    database: await openAgain(),
    query: (statement) => queryRaw(outside, statement),
    close,
    url,
    direct,
    openAgain,
  };
}
