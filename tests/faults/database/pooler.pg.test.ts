import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { query } from '../../support/mirror.ts';
import { startPooler, stopPooler } from '../../support/pooler.ts';
import { createTestDatabase, realPostgres, type ServerDatabase } from '../../support/real-postgres.ts';
import { startCli } from '../../support/run-cli.ts';
import { startWorker } from '../../unit/worker/start-worker.ts';
import { expectWhole, startSite, startSync, sync, type ListeningSite } from './synced-mirror.ts';

const PAGES = 60;

let home: string;
let pooler: URL;
let database: ServerDatabase;
/** The database through the pooler. */
let pooled: string;
let site: ListeningSite;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'confluence-sync-pooler-'));
  chmodSync(home, 0o755);
  pooler = new URL(await startPooler(home, await realPostgres(), 2));
});
afterAll(() => {
  stopPooler(home);
  rmSync(home, { recursive: true });
});
beforeEach(async () => {
  database = await createTestDatabase();
  pooler.pathname = new URL(database.direct).pathname;
  pooled = pooler.href;
  site = await startSite(PAGES);
});
afterEach(async () => {
  await site.close();
  await database.drop();
});

describe('a pooler in transaction mode', () => {
  test('D25 carries a run and a worker, and finds nothing of them on its connections', async () => {
    const pids = new Set<number>();
    for (let times = 0; times < 20; times++) pids.add((await ownPid()).pid);
    expect(pids.size).toBeLessThanOrEqual(2);

    await expectWhole(await sync(site, pooled), site, database.direct);
    const worker = startWorker({ ...settings(), SYNC_CRON: '* * * * * *' });
    await worker.said('run finished', 3);
    expect(await worker.end('SIGTERM')).toMatchObject({ code: 0 });

    for (let times = 0; times < 10; times++) expect(await leftBehind()).toEqual(NOTHING);
  });

  test('D25 lets a reader follow the feed', async () => {
    const { ended } = startCli(['changes', '--follow', '--limit', String(PAGES)], settings());
    await sync(site, pooled);
    const { code, stdout } = await ended;

    expect([code, stdout.trim().split('\n').length]).toEqual([0, PAGES]);
    expect(await leftBehind()).toEqual(NOTHING);
  });

  test('D26 gives one of two runs its turn, tells the other, and frees the lock of one that was killed', async () => {
    site.faults.add('hang:path=/pages');
    const first = startSync(site, pooled);
    await first.said('lease acquired');

    expect((await sync(site, pooled)).code).toBe(75);
    first.child.kill('SIGKILL');
    await first.ended;
    site.faults.clear();

    await expectWhole(await sync(site, pooled), site, database.direct);
    expect(
      await query(
        database.direct,
        `select * from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`,
      ),
    ).toEqual([]);
  });
});

test('D40 no transaction is open while a run waits for Confluence', async () => {
  site.faults.add('slow_answer:delay_ms=1500,path=/pages');
  const running = startSync(site, database.direct, { SYNC_BATCH_SIZE: '30' });
  let [oldestMs, isOver, looks] = [0, false, 0];
  void running.ended.finally(() => (isOver = true));
  while (!isOver) {
    const [row] = await query<{ ms: number }>(
      database.direct,
      `select coalesce(max(extract(epoch from clock_timestamp() - xact_start)) * 1000, 0)::float8 as ms
       from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    oldestMs = Math.max(oldestMs, row?.ms ?? 0);
    looks += 1;
    await sleep(20);
  }

  await expectWhole(await running.ended, site, database.direct);
  expect(looks).toBeGreaterThan(20);
  expect(oldestMs).toBeLessThan(1_000);
});

const settings = () => ({
  CONFLUENCE_BASE_URL: site.url,
  CONFLUENCE_ACCESS_TOKEN: 'tests-token',
  DATABASE_URL: pooled,
});

async function ownPid(): Promise<{ pid: number }> {
  const [row] = await query<{ pid: number }>(pooled, 'select pg_backend_pid() as pid');
  return row ?? { pid: 0 };
}

const NOTHING = {
  statement_timeout: '0',
  timezone: 'as ever',
  locks: 0,
  channels: 0,
  prepared: 0,
  tables: 0,
};

/** What a session of the pooler's own holds that another one would find. */
async function leftBehind(): Promise<unknown> {
  const [usual] = await query<{ zone: string }>(
    database.direct,
    `select current_setting('timezone') as zone`,
  );
  const [left] = await query(
    pooled,
    `select current_setting('statement_timeout') as statement_timeout,
      case current_setting('timezone') when $1 then 'as ever' else current_setting('timezone') end as timezone,
      (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks,
      (select count(*)::int from pg_listening_channels()) as channels,
      (select count(*)::int from pg_prepared_statements) as prepared,
      (select count(*)::int from pg_class where relpersistence = 't') as tables`,
    [usual?.zone],
  );
  return left;
}
