import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../../src/postgres/create-database.ts';
import type { RawPool } from '../../../src/postgres/guard-pool.ts';
import { runSync } from '../../../src/sync/run-sync.ts';
import { databaseParts } from '../../support/database-parts.ts';
import { createFakeSource } from '../../support/fake-source.ts';
import { blindObserver, fullRequest } from '../../support/full-request.ts';
import { openPostgresStore, type PostgresStore } from '../../support/real-postgres-store.ts';

const PAGES = 20_000;
const BATCH = 250;
const SPACES = ['HR', 'OPS'];

const source = createFakeSource(SPACES, BATCH);
let store: PostgresStore;
let database: Database;
let statements: string[] = [];

beforeAll(async () => {
  store = await openPostgresStore();
  database = await store.openAgain(noting);
  for (let number = 1; number <= PAGES; number++)
    source.put({ id: String(number), spaceKey: SPACES[number % 2] ?? '' });
}, 120_000);
afterAll(async () => {
  await store.close();
});

/** Writes down every statement. */
function noting(pool: RawPool): RawPool {
  const connect = async () => {
    const client = await pool.connect();
    const query: typeof client.query = (statement, parameters) => {
      statements.push(statement);
      return client.query(statement, parameters);
    };
    return { ...client, query };
  };
  return { ...pool, connect };
}

async function syncAll() {
  statements = [];
  const { clock, log } = databaseParts;
  const parts = { ...database, source, observer: blindObserver, clock, log };
  const { report, error } = await runSync(parts, fullRequest, new AbortController().signal);
  expect(error).toBeNull();
  return report.counts;
}

const asksForPages = (statement: string) => /^\s*with wanted /.test(statement);
const writesPages = (statement: string) =>
  /(insert into|update|delete from) "public"\."confluence_page(s|_bodies|_changes)"/.test(statement);

test('a full run asks the table once for each listed batch, and writes nothing where nothing changed', async () => {
  expect(await syncAll()).toMatchObject({ listed: PAGES, created: PAGES });
  expect(statements.filter(writesPages).length).toBeGreaterThan(0);

  expect(await syncAll()).toMatchObject({ listed: PAGES, unchanged: PAGES });

  expect(statements.filter(asksForPages).length).toBeLessThanOrEqual(PAGES / BATCH + SPACES.length);
  expect(statements.filter(writesPages)).toEqual([]);
}, 300_000);

test('a bad page that only the database finds costs its batch few statements', async () => {
  await store.query(`alter table confluence_pages add constraint refuses check (title <> 'refused')`);
  for (let number = 14_501; number < 15_501; number += 2)
    source.put({ id: String(number), spaceKey: 'OPS', title: 'new', version: 2 });
  source.put({ id: '15001', spaceKey: 'OPS', title: 'refused', version: 2 });

  expect(await syncAll()).toMatchObject({ listed: PAGES, updated: 499, failed: 1 });

  expect(statements.filter(writesPages).length).toBeLessThan(12);
}, 300_000);
