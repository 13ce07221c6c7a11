import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../../../src/postgres/create-database.ts';
import type { RawPool, RawResult } from '../../../../src/postgres/guard-pool.ts';
import type { PageFilter } from '../../../../src/postgres/queries/page-filter.ts';
import type { PageWalk } from '../../../../src/postgres/queries/find-pages.ts';
import { openPostgresStore } from '../../../support/real-postgres-store.ts';
import type { PostgresStore } from '../../../support/real-postgres-store.ts';

const ROWS = Number(process.env['PLAN_ROWS'] ?? 100_000);
const PLACE: PageWalk = { order: 'place', after: null };
const TIME: PageWalk = { order: 'updated', after: null };

let store: PostgresStore;
let database: Database;
let plans: string[] = [];

beforeAll(async () => {
  store = await openPostgresStore();
  await store.query(`
    insert into confluence_pages (id, title, space_key, content_hash, last_updated, version, url, synced_at, type, status,
      parent_id, hash_version, content_changed_at, deleted_at, deleted_reason)
    select (1000000 + n)::text, 'Page number ' || n, 'S' || n % 50, repeat('a', 64), timestamptz '2020-01-01' + n * interval '1 minute',
      1 + n % 40, 'https://example.com/' || n, now(), 'page', case when n % 1000 = 0 then 'trashed' else 'current' end,
      case when n % 997 <> 0 then (999999 + n)::text end, 1, now(), case when n % 1000 = 0 then now() end,
      case when n % 1000 = 0 then 'trashed' end
    from generate_series(1, ${ROWS}) as n`);
  await store.query('analyze confluence_pages');
  database = await store.openAgain(explaining);
}, 600_000);
afterAll(async () => {
  await store.close();
});

/** Asks for the plan of every question about pages, where and as it is asked. */
function explaining(pool: RawPool): RawPool {
  const connect = async () => {
    const client = await pool.connect();
    const query: typeof client.query = async (statement, parameters) => {
      if (/^\s*(select|with) /.test(statement) && statement.includes('confluence_pages')) {
        const { rows } = (await client.query(`explain ${statement}`, parameters)) as RawResult;
        plans.push((rows as { 'QUERY PLAN': string }[]).map((row) => row['QUERY PLAN']).join('\n'));
      }
      return await client.query(statement, parameters);
    };
    return { ...client, query };
  };
  return { ...pool, connect };
}

const questions: readonly [string, PageFilter, PageWalk][] = [
  ['everything', {}, PLACE],
  ['everything, from a place', {}, { order: 'place', after: { spaceKey: 'S30', id: '1000030' } }],
  ['pages that are not gone', { deleted: false }, PLACE],
  ['pages that are gone', { deleted: true }, PLACE],
  ['trashed pages', { deleted: true, status: 'trashed' }, PLACE],
  ['archived pages, of which there are none', { deleted: false, status: 'archived' }, PLACE],
  ['pages that are deleted for good, of which there are none', { deleted: true, status: 'deleted' }, PLACE],
  ['trashed pages of a space', { deleted: true, status: 'trashed', spaces: ['S0'] }, PLACE],
  ['ids', { ids: ['1000007', '1000008'] }, PLACE],
  ['a space', { spaces: ['S7'] }, PLACE],
  ['several spaces', { spaces: ['S7', 'S8', 'S9'] }, PLACE],
  ['a title pattern', { title: '*number 9*' }, PLACE],
  ['a title that no page has', { title: 'nowhere*' }, PLACE],
  ['a range of dates', { updatedSince: new Date('2020-01-15'), updatedBefore: new Date('2020-02-01') }, TIME],
  [
    'a range of dates, from a place',
    { updatedSince: new Date('2020-01-15') },
    { order: 'updated', after: { lastUpdated: new Date('2020-01-20T00:00:00Z'), id: '1027360' } },
  ],
  ['a range of dates in a space', { spaces: ['S7'], updatedSince: new Date('2020-01-15') }, PLACE],
  ['versions above', { versionAbove: 39 }, PLACE],
  ['no parent', { withoutParent: true }, PLACE],
];

test.each(questions)('the first page of %s is found along an index', async (_name, filter, walk) => {
  plans = [];

  await database.queries.pages(filter, walk, 50);

  expect(plans.length).toBeGreaterThan(0);
  for (const plan of plans) {
    expect(plan).toMatch(/Index (Only )?Scan/);
    expect(plan).not.toContain('Seq Scan on confluence_pages');
  }
});

const early = questions.filter(([, { ids }]) => ids === undefined);
test.each(early)('the first page of %s needs no sort of all that fits', async (_name, filter, walk) => {
  plans = [];

  await database.queries.pages(filter, walk, 50);

  for (const plan of plans) expect(plan).not.toMatch(/->\s+Sort\s+\(/);
});

test.each([
  ['archived pages', { deleted: false, status: 'archived' }],
  ['pages that are deleted for good', { deleted: true, status: 'deleted' }],
] as const)('%s, of which there are none, cost no look at the others', async (_name, filter) => {
  plans = [];

  await database.queries.pages(filter, PLACE, 50);

  expect(plans.join('\n')).toContain('confluence_pages_by_status');
});

test('a rare title is found by trigrams where somebody made an index of them', async () => {
  const [contributed] = await store.query(`select from pg_available_extensions where name = 'pg_trgm'`);
  if (contributed === undefined) return; // A server without contributed modules has no such index either.
  await store.query('create extension pg_trgm');
  await store.query('create index on confluence_pages using gin (title gin_trgm_ops)');
  await store.query('analyze confluence_pages');
  plans = [];

  const rare = await database.queries.pages({ title: '*number 77777*' }, PLACE, 50);
  const common = await database.queries.pages({ title: '*number*' }, PLACE, 50);

  expect([rare.length, common.length]).toEqual([1, 50]);
  expect(plans[0]).toContain('title_idx');
  expect(plans[1]).toContain('confluence_pages_by_space');
  await store.query('drop extension pg_trgm cascade');
});

test('the distinct spaces are one step each along an index', async () => {
  plans = [];

  expect(await database.queries.spaceKeys()).toHaveLength(50);

  expect(plans.join('\n')).not.toContain('Seq Scan on confluence_pages');
});
