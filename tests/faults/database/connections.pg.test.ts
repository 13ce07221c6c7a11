import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { startFaultProxy, type FaultProxy } from '../../support/fault-proxy.ts';
import { hurriedClock } from '../../support/hurried-clock.ts';
import { query } from '../../support/mirror.ts';
import { createTestDatabase, type ServerDatabase } from '../../support/real-postgres.ts';
import {
  countStored,
  countsOf,
  endSyncs,
  expectSound,
  expectWhole,
  startSite,
  startSync,
  sync,
  wordsOf,
  type ListeningSite,
} from './synced-mirror.ts';

jest.setTimeout(120_000);

const PAGES = 60;
/** For many losses in one run. */
const LITTLE_PAUSES = hurriedClock(20, 1);

let database: ServerDatabase;
let proxy: FaultProxy;
let site: ListeningSite;
const endings: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  proxy = await startFaultProxy(database.direct);
  site = await startSite(PAGES);
});
afterEach(async () => {
  await endSyncs();
  for (const end of endings.splice(0)) await end();
  await site.close();
  await proxy.close();
  await database.drop();
});

describe('a connection that is killed', () => {
  test('D1 while it is idle does not end the run', async () => {
    site.faults.add('slow_answer:delay_ms=400,path=/pages');
    const running = startSync(site, proxy.url);
    await running.said('run started');

    const noticed = running.said('idle database connection lost').then(() => true);
    while (!(await Promise.race([noticed, sleep(50)])))
      await admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
        and application_name = 'confluence-sync' and state = 'idle'`);

    await expectWhole(await running.ended, site, database.direct);
  });

  test('D2 between two statements of a batch costs one more try', async () => {
    const killed = once(WRITES, () => 'hold_answer');
    proxy.judge = killed.judge;
    const running = startSync(site, proxy.url);

    await untilRow(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where pid = $1 and state = 'idle in transaction' and query ~ $2`,
      () => [killed.pid(), WRITES.source],
    );
    const result = await running.ended;

    expect(result.stderr).toMatch(/"code":"57P01".*database connection lost/);
    await expectWhole(result, site, database.direct);
  });

  test('D3 in the middle of a statement costs one more try', async () => {
    const other = await hold('lock table confluence_page_changes in exclusive mode');
    const running = startSync(site, proxy.url);

    await untilRow(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query ~ $1`,
      () => [WRITES.source],
    );
    await other.query('commit');
    const result = await running.ended;

    expect(result.stderr).toMatch(/"code":"57P01","fault":"connection".*trying again/);
    await expectWhole(result, site, database.direct);
  });

  test('D4 before any statement of the run costs nothing and writes nothing twice', async () => {
    const broken = new Set<string>();
    proxy.judge = (statement, { transaction }) => {
      const step = [transaction.at(-2) ?? '', statement].join(' -> ');
      if (broken.has(step)) return 'pass';
      broken.add(step);
      return 'reset';
    };

    const result = await sync(site, proxy.url, LITTLE_PAUSES);

    await expectWhole(result, site, database.direct);
    expect(countsOf(result)).toMatchObject({ listed: PAGES, created: PAGES, unchanged: 0 });
    expect(broken.size).toBeGreaterThan(25);
    expect([...broken].filter((step) => step.endsWith('-> commit')).length).toBeGreaterThan(5);
  });

  test('D5 after each COMMIT, before or within its answer, writes nothing twice and counts every page', async () => {
    const seen = new Map<string, number>();
    const lost: string[] = [];
    proxy.judge = (statement, { transaction }) => {
      if (statement !== 'commit') return 'pass';
      const kind = transaction.join(' -> ');
      const times = seen.get(kind) ?? 0;
      seen.set(kind, times + 1);
      if (times % 2 === 1) return 'pass';
      lost.push(kind);
      // Of the 18 bytes of the answer the last one makes it an answer.
      return times === 0 ? 'lose_answer' : (times * 3) % 18;
    };

    const result = await sync(site, proxy.url, LITTLE_PAUSES);

    await expectWhole(result, site, database.direct);
    expect(countsOf(result)).toMatchObject({ listed: PAGES, created: PAGES, unchanged: 0 });
    expect(lost.filter((kind) => WRITES.test(kind)).length).toBeGreaterThan(2);
  });

  test('D14 because its transaction was idle for too long costs one more try', async () => {
    proxy.judge = once(WRITES, () => 'hold_answer').judge;
    proxy.rewrite = inFewer('idle_in_transaction_session_timeout', '100ms');

    const result = await sync(site, proxy.url);

    expect(result.stderr).toMatch(/"code":"25P03".*database connection lost/);
    await expectWhole(result, site, database.direct);
  });
});

describe('a pool that is exhausted', () => {
  test('D18 ends the wait for a connection, and the run goes on when there is one', async () => {
    const other = await hold('lock table confluence_page_changes in exclusive mode');
    const running = startSync(site, proxy.url, { ...hurriedClock(20), DATABASE_POOL_MAX: '1' });

    await running.said('timeout exceeded when trying to connect');
    await other.query('commit');

    await expectWhole(await running.ended, site, database.direct);
  });
});

describe('a network that swallows everything', () => {
  test.each([
    ['its answers', 'hang' as const],
    ['the answer to COMMIT', 'hang' as const],
  ])('D19 and %s ends the wait, and the batch is stored once', async (what, fate) => {
    proxy.judge = once(what === 'its answers' ? WRITES : /^commit$/, () => fate, WRITES).judge;
    proxy.rewrite = inFewer('idle_in_transaction_session_timeout', '500ms');

    const result = await sync(site, proxy.url, hurriedClock(20));

    expect(result.stderr).toMatch(/"fault":"connection".*trying again/);
    await expectWhole(result, site, database.direct);
    expect(countsOf(result)).toMatchObject({ created: PAGES, unchanged: 0 });
  });

  test('D19 for good ends the run as unavailable and leaves what was stored', async () => {
    let batches = 0;
    proxy.judge = (statement) => {
      if (WRITES.test(statement)) batches += 1;
      return batches > 3 ? 'hang' : 'pass';
    };
    proxy.rewrite = inFewer('idle_in_transaction_session_timeout', '500ms');

    const result = await sync(site, proxy.url, hurriedClock(40));

    expect([result.code, wordsOf(result)]).toEqual([69, expect.stringMatching(/database did not answer/)]);
    expect(await countStored(database.direct)).toBe(30);
    await expectSound(database.direct);
    proxy.judge = () => 'pass';
    await expectWhole(await sync(site, proxy.url), site, database.direct);
  });

  test('D20 while connecting ends the run as unavailable, with a message that says so', async () => {
    proxy.arrivals = 'silent';

    const result = await sync(site, proxy.url, hurriedClock(20));

    expect([result.code, wordsOf(result)]).toEqual([
      69,
      expect.stringMatching(/the database did not answer as it should \(.*time-?out.*\): try again later/i),
    ]);
  });

  test('D20 while connecting again is waited for', async () => {
    proxy.judge = once(WRITES, () => {
      proxy.arrivals = 'silent';
      return 'reset';
    }).judge;
    const running = startSync(site, proxy.url, hurriedClock(10));

    await running.said('Connection terminated due to connection timeout');
    proxy.arrivals = 'pass';

    await expectWhole(await running.ended, site, database.direct);
  });
});

/** The statement that writes pages. */
const WRITES = /i as materialized/;

/** Judges the first statement of a kind, in a transaction with one of another; all others pass. */
function once(kind: RegExp, judge: () => Awaited<ReturnType<FaultProxy['judge']>>, within = kind) {
  let pid: number | null = null;
  return {
    pid: () => pid,
    judge: (...[statement, session]: Parameters<FaultProxy['judge']>) => {
      const isIt = kind.test(statement) && session.transaction.some((earlier) => within.test(earlier));
      if (pid !== null || !isIt) return 'pass';
      pid = session.pid;
      return judge();
    },
  };
}

/** Makes the server as impatient as a test. */
function inFewer(setting: string, time: string): FaultProxy['rewrite'] {
  return (statement) => statement.replace(new RegExp(`${setting} = '[^']+'`), `${setting} = '${time}'`);
}

async function admin(statement: string): Promise<void> {
  await query(database.direct, statement);
}

/** Asks until there is a row. */
async function untilRow(question: string, values: () => unknown[]): Promise<void> {
  while ((await query(database.direct, question, values())).length === 0) await sleep(20);
}

/** Another session, in the middle of a transaction. */
async function hold(statement: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.direct });
  client.on('error', () => undefined);
  await client.connect();
  endings.push(() => client.end());
  await client.query(`begin; ${statement}`);
  return client;
}
