import { randomUUID } from 'node:crypto';
import { createDatabase } from '../../src/postgres/create-database.ts';
import type { Database } from '../../src/postgres/create-database.ts';
import type { RawPool } from '../../src/postgres/guard-pool.ts';
import type { Migrator } from '../../src/postgres/migrator.ts';
import { createPostgresPool } from '../../src/postgres/postgres-pool.ts';
import type { StoreUnderTest } from '../contract/page-store-values.ts';
import { databaseParts } from './database-parts.ts';
import { queryRaw } from './pglite-store.ts';
import { administer, createTestDatabase, realPostgres } from './real-postgres.ts';
import { asRole, roleStatements } from './role-statements.ts';

/** A mirror in a PostgreSQL database of the test's own, and more openings of the same one. */
export type PostgresStore = StoreUnderTest &
  Readonly<{
    /** Of the administrator. */
    url: string;
    /** Leads to the server itself, whatever `url` leads through. */
    direct: string;
    /** Opens the database again, as another worker would; `through` may spoil the connections. */
    openAgain: (through?: (pool: RawPool) => RawPool, patienceMs?: number) => Promise<Database>;
  }>;

/** Opens a clone of the template, as a role that may do what the operations guide says and no more. */
export async function openPostgresStore(): Promise<PostgresStore> {
  const { url: administrator, direct, drop } = await createTestDatabase();
  const { roles, createRoles, grant, dropRoles } = roleStatements(randomUUID().slice(0, 8), 'public');
  const url = asRole(administrator, roles.writer);
  const outside = createPostgresPool(administrator, 2, databaseParts.log);
  await queryRaw(outside, createRoles);
  await queryRaw(outside, grant);
  const opened: Database[] = [];
  const open = async (pool: RawPool, patienceMs: number): Promise<Database> => {
    const patience = { workingMs: patienceMs, openingMs: patienceMs };
    const database = await createDatabase(
      pool,
      { kind: 'postgresql', schema: 'public', patience },
      databaseParts,
    );
    opened.push(database);
    return database;
  };
  const openAgain: PostgresStore['openAgain'] = async (through = (pool) => pool, patienceMs = 20_000) =>
    await open(through(createPostgresPool(url, 3, databaseParts.log)), patienceMs);
  const close = async (): Promise<void> => {
    for (const database of opened) await database.close();
    await outside.end();
    await drop();
    await administer(await realPostgres(), dropRoles);
  };
  const owner = await open(createPostgresPool(administrator, 1, databaseParts.log), 20_000);
  const up: Migrator['up'] = async (to) => {
    const done = await owner.migrator.up(to);
    await queryRaw(outside, grant);
    return done;
  };
  return {
    database: await openAgain(),
    query: (statement) => queryRaw(outside, statement),
    close,
    owner: { check: () => owner.check(), migrator: { ...owner.migrator, up } },
    url: administrator,
    direct,
    openAgain,
  };
}
