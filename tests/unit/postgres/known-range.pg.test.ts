import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RawPool, RawResult } from '../../../src/postgres/guard-pool.ts';
import { openPostgresStore, type PostgresStore } from '../../support/real-postgres-store.ts';

const ROWS = 100_000;

let store: PostgresStore;

beforeAll(async () => {
  store = await openPostgresStore();
  await store.query(`
    insert into confluence_pages (id, title, space_key, content_hash, last_updated, version, url, synced_at, type, status,
      hash_version, content_changed_at)
    select (1000000 + n)::text, 'Page', 'BIG', repeat('a', 64), now(), 1, 'https://example.com/', now(), 'page', 'current', 1, now()
    from generate_series(1, ${ROWS}) as n`);
  await store.query('analyze confluence_pages');
}, 120_000);
afterAll(async () => {
  await store.close();
});

test('what is stored beside one batch of a listing is found without reading the rest of its space', async () => {
  const plans: string[] = [];
  const { reader } = await store.openAgain((pool) => explaining(pool, plans));
  const range = { spaceKey: 'BIG', after: '1000100', upTo: '1000110', limit: 1000 };

  const rows = await reader.known({ ids: [], range });

  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, index) => `${1000101 + index}`));
  const [, hit = '0', read = '0'] =
    /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(plans[0] ?? '') ?? [];
  expect(Number(hit) + Number(read)).toBeGreaterThan(0);
  expect(Number(hit) + Number(read)).toBeLessThan(200);
});

/** Runs every question about pages with its plan, too. */
function explaining(pool: RawPool, plans: string[]): RawPool {
  const connect = async () => {
    const client = await pool.connect();
    const query: typeof client.query = async (statement, parameters) => {
      if (/^\s*with wanted /.test(statement)) {
        const { rows } = (await client.query(
          `explain (analyze, buffers) ${statement}`,
          parameters,
        )) as RawResult;
        plans.push((rows as { 'QUERY PLAN': string }[]).map((row) => row['QUERY PLAN']).join('\n'));
      }
      return await client.query(statement, parameters);
    };
    return { ...client, query };
  };
  return { ...pool, connect };
}
