import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Kysely, PostgresDialect } from 'kysely';
import { decide, type PageChange } from '../../../src/postgres/decide.ts';
import { takeWritersLock } from '../../../src/postgres/fence.ts';
import { guardPool } from '../../../src/postgres/guard-pool.ts';
import { createPostgresPool } from '../../../src/postgres/postgres-pool.ts';
import { readChanges } from '../../../src/postgres/queries/read-changes.ts';
import { createTableNames } from '../../../src/postgres/table-names.ts';
import type { Tables } from '../../../src/postgres/tables.ts';
import { createTransactions, type Transactions } from '../../../src/postgres/transactions.ts';
import { writeChanges } from '../../../src/postgres/write-changes.ts';
import { record } from '../../contract/page-store-values.ts';
import { ask, loadInto, parsedLines } from '../../integration/cli/asking.ts';
import { databaseParts } from '../../support/database-parts.ts';
import { hurriedClock } from '../../support/hurried-clock.ts';
import { mirroredPages, query, truthOf } from '../../support/mirror.ts';
import { startOwnCluster, startOwnStandby, type OwnCluster } from '../../support/own-cluster.ts';
import { administer, createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';
import { runCli } from '../../support/run-cli.ts';
import { startSite, sync, wordsOf, type ListeningSite } from './synced-mirror.ts';

let database: TestDatabase;
let site: ListeningSite;

beforeAll(async () => {
  site = await startSite(40);
});
afterAll(() => site.close());
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const settings = (url = database.url) => ({
  CONFLUENCE_BASE_URL: site.url,
  CONFLUENCE_ACCESS_TOKEN: 'tests-token',
  DATABASE_URL: url,
});
const run = <Row>(statement: string) => query<Row>(database.url, statement);
const changes = async (...args: string[]) => await ask(['changes', ...args], settings());

describe('D29 two writers at once, and a reader who goes on from the last seq it saw', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  function connect(): Transactions {
    const pool = createPostgresPool(database.url, 3, databaseParts.log);
    closers.push(() => pool.end());
    const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: guardPool(pool) }) });
    const closing = new AbortController().signal;
    return createTransactions({ ...databaseParts, database: kysely, patienceMs: 20_000, closing });
  }

  /** Writes pages one by one, as the loader does; between the write and its commit time passes. */
  async function write(first: number, pauses: readonly number[], locked: boolean): Promise<void> {
    const [transactions, names] = [connect(), createTableNames('public')];
    for (const [index, ms] of pauses.entries()) {
      await transactions.run(async (tx) => {
        if (locked) await takeWritersLock(tx, 'public');
        await writeChanges(tx, names, 'run', [newPage(String(first + index))]);
        await databaseParts.clock.sleep(ms, new AbortController().signal);
      });
    }
  }

  async function readAlong(writing: Promise<unknown>): Promise<string[]> {
    const transactions = connect();
    const seen: string[] = [];
    const writers = { areDone: false };
    void writing.finally(() => (writers.areDone = true));
    let after: string | null = null;
    for (;;) {
      const wasOver = writers.areDone;
      const feed = await transactions.run((tx) => readChanges(tx.withSchema('public'), after, 3));
      const rows = feed.kind === 'rows' ? feed.rows : [];
      seen.push(...rows.map(({ page_id }) => page_id));
      after = rows.at(-1)?.seq ?? after;
      if (wasOver && rows.length === 0) return seen.sort();
    }
  }

  const PAUSES = [
    [40, 3, 25, 8, 30, 2, 35, 5],
    [4, 28, 7, 33, 1, 21, 6, 38],
  ] as const;
  const ALL = PAUSES.flatMap((pauses, writer) =>
    pauses.map((_, index) => String(100 * (writer + 1) + index)),
  );

  test('the reader misses nothing', async () => {
    const writing = Promise.all(PAUSES.map((pauses, writer) => write(100 * (writer + 1), pauses, true)));

    const seen = await readAlong(writing);
    await writing;

    expect(seen).toEqual(ALL);
  });

  test('without the writers’ lock it would miss rows, so this test can see it', async () => {
    const writing = Promise.all(PAUSES.map((pauses, writer) => write(100 * (writer + 1), pauses, false)));

    const seen = await readAlong(writing);
    await writing;

    expect(seen.length).toBeLessThan(ALL.length);
  });
});

test('D30 a reader behind what a run removed is told so with 65, and where to go on', async () => {
  await sync(site, database.url);
  await run(`update confluence_page_changes set changed_at = now() - interval '3 days' where seq <= 10`);
  const tidied = await runCli(['sync', '--mode', 'full'], { ...settings(), CHANGES_KEEP_DAYS: '2' });
  expect(tidied.code).toBe(0);

  const behind = await runCli(['changes', '--after', '9'], settings());
  const follower = await runCli(['changes', '--follow', '--after', '9'], settings());
  const inFront = await changes('--after', '10');

  for (const { code, stdout, stderr } of [behind, follower])
    expect([code, stdout, stderr]).toEqual([
      65,
      '',
      expect.stringMatching(/rows up to 10 were removed.*--after 10/),
    ]);
  expect(parsedLines(inFront.stdout)).toHaveLength(30);
});

test('D31 rows that were refused leave gaps, which a reader passes over', async () => {
  await run('create unique index foreign_index on confluence_pages (title)');
  const clash = { title: 'The same' };
  await loadInto(database.url, {
    records: ['1', '2', '3', '4', '5'].map((id) => record(id, id > '3' ? clash : {})),
  });
  await loadInto(database.url, { records: [record('6'), record('7')] });

  const seen: [unknown, unknown][] = [];
  for (let after = '0'; ; after = String(seen.at(-1)?.[0])) {
    const [row] = parsedLines((await changes('--after', after, '--limit', '1')).stdout);
    if (row === undefined) break;
    seen.push([row['seq'], row['page_id']]);
  }

  expect(seen.map(([, id]) => id)).toEqual(['1', '2', '3', '4', '6', '7']);
  const last = Number(seen.at(-1)?.[0]);
  expect(last).toBeGreaterThan(seen.length);
});

describe('D39 rows that somebody changed by hand', () => {
  const feedSince = (seq: string) =>
    run<{ page_id: string; kind: string }>(
      `select page_id, kind from confluence_page_changes where seq > ${seq} order by length(page_id), page_id`,
    );
  const lastSeq = async () =>
    (await run<{ seq: string }>('select max(seq)::text as seq from confluence_page_changes'))[0]?.seq ?? '0';

  test('are put right by the next full run, and the feed tells of it', async () => {
    await sync(site, database.url);
    const [titled = '', removed = '', hidden = '', moved = '', aged = ''] = [...site.pages()]
      .map(({ id }) => id)
      .sort(bySize);
    const [before, elsewhere] = [await lastSeq(), `(select min(space_key) from confluence_pages)`];
    await run(`update confluence_pages set title = 'Not its title' where id = '${titled}';
      delete from confluence_page_bodies where page_id = '${removed}'; delete from confluence_pages where id = '${removed}';
      update confluence_pages set deleted_at = now(), deleted_reason = 'gone', status = 'deleted' where id = '${hidden}';
      update confluence_pages set parent_id = '1', space_key = ${elsewhere} where id = '${moved}';
      update confluence_pages set version = 0, last_updated = '2001-01-01Z' where id = '${aged}'`);

    const result = await sync(site, database.url);

    expect([result.code, wordsOf(result)]).toEqual([0, '']);
    expect(await mirroredPages(database.url)).toEqual(truthOf(site));
    const kinds = Object.fromEntries((await feedSince(before)).map(({ page_id, kind }) => [page_id, kind]));
    expect(kinds).toEqual({
      [titled]: 'updated',
      [removed]: 'created',
      [hidden]: 'restored',
      [moved]: 'moved',
      [aged]: 'updated',
    });
  });

  test('in what no list shows are put right by a deep run, and the feed tells of it', async () => {
    await sync(site, database.url);
    const [body = '', hash = '', gone = ''] = [...site.pages()].map(({ id }) => id).sort(bySize);
    const before = await lastSeq();
    await run(`update confluence_page_bodies set storage = '<p>Not its body</p>' where page_id = '${body}';
      update confluence_pages set content_hash = repeat('0', 64) where id = '${hash}';
      delete from confluence_page_bodies where page_id = '${gone}'`);

    const result = await runCli(['sync', '--deep'], settings());

    expect([result.code, wordsOf(result)]).toEqual([0, '']);
    expect(await mirroredPages(database.url)).toEqual(truthOf(site));
    expect(await feedSince(before)).toEqual(
      [body, hash, gone].sort(bySize).map((id) => ({ page_id: id, kind: 'updated' })),
    );
  });
});

describe('D38 a read-only replica', () => {
  let primary: OwnCluster;
  let replica: OwnCluster;
  const on = (cluster: OwnCluster) => new URL('/mirror', cluster.url).href;

  beforeAll(async () => {
    primary = await startOwnCluster('read-primary');
    await administer(primary.url, 'create database mirror');
    expect((await sync(site, on(primary))).code).toBe(0);
    replica = await startOwnStandby('read-replica', primary);
  });
  afterAll(() => {
    replica.remove();
    primary.remove();
  });

  test.each([['pages', '--json'], ['changes'], ['status', '--json'], ['spaces', '--json'], ['failures']])(
    'answers %s as the primary does',
    async (...command) => {
      const [there, here] = [
        await ask(command, settings(on(primary))),
        await ask(command, settings(on(replica))),
      ];

      expect([here.code, here.stdout]).toEqual([0, there.stdout]);
    },
  );

  test('is no place for a worker: a run ends with 69, and says why', async () => {
    const result = await sync(site, on(replica), hurriedClock(20));

    expect([result.code, wordsOf(result)]).toEqual([
      69,
      expect.stringMatching(/25006.*(read-only|recovery)/),
    ]);
  });
});

function newPage(id: string): PageChange {
  const decision = decide({ kind: 'record', id, record: record(id) }, { page: null, quarantined: false });
  if (decision.kind !== 'change') throw new Error(`page ${id} is not new`);
  return decision.change;
}

function bySize(left: string, right: string): number {
  return left.length - right.length || (left < right ? -1 : 1);
}
