import { createDatabase } from '../../../../src/postgres/create-database.ts';
import { createPglitePool } from '../../../../src/postgres/pglite-pool.ts';
import { databaseParts } from '../../../support/database-parts.ts';
import { queryRaw } from '../../../support/pglite-store.ts';
import { retentionTests } from './retention.ts';

retentionTests('PGlite', async (retention) => {
  const pool = await createPglitePool(null);
  const patience = { workingMs: 5_000, openingMs: 5_000 };
  const settings = { kind: 'pglite', schema: 'public', patience, retention } as const;
  const database = await createDatabase(pool, settings, databaseParts);
  await database.migrator.up();
  return { database, query: (statement) => queryRaw(pool, statement), close: () => database.close() };
});
