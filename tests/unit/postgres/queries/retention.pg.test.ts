import { openDatabase } from '../../../../src/postgres/open-database.ts';
import { createPostgresPool } from '../../../../src/postgres/postgres-pool.ts';
import { databaseParts } from '../../../support/database-parts.ts';
import { queryRaw } from '../../../support/pglite-store.ts';
import { createTestDatabase } from '../../../support/real-postgres.ts';
import { retentionTests } from './retention.ts';

retentionTests('PostgreSQL', async (retention) => {
  const { url, drop } = await createTestDatabase();
  const outside = createPostgresPool(url, 1, databaseParts.log);
  const database = await openDatabase({ url, schema: 'public', poolMax: 2, retention }, databaseParts);
  const close = async () => {
    await database.close();
    await outside.end();
    await drop();
  };
  return { database, query: (statement) => queryRaw(outside, statement), close };
});
