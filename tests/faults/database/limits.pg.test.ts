import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { openDatabase } from '../../../src/postgres/open-database.ts';
import { databaseParts } from '../../support/database-parts.ts';
import { startFaultProxy, type Fate, type FaultProxy } from '../../support/fault-proxy.ts';
import { hurriedClock } from '../../support/hurried-clock.ts';
import { mirroredPages, query, syncMirror, truthOf } from '../../support/mirror.ts';
import { startOwnCluster, type OwnCluster } from '../../support/own-cluster.ts';
import { administer, createTestDatabase, type ServerDatabase } from '../../support/real-postgres.ts';
import { mountSmallDisks, type SmallDisks } from '../../support/small-disk.ts';
import {
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
/** The statement that writes pages. */
const WRITES = 'i as materialized';

let site: ListeningSite;
const endings: (() => Promise<unknown> | undefined)[] = [];

beforeEach(async () => {
  site = await startSite(PAGES);
});
afterEach(async () => {
  await endSyncs();
  for (const end of endings.splice(0).reverse()) await end();
  await site.close();
});

describe('a database in which others are at work', () => {
  let database: ServerDatabase;
  let proxy: FaultProxy;
  beforeEach(async () => {
    database = await createTestDatabase();
    proxy = await startFaultProxy(database.direct);
  });
  afterEach(async () => {
    await proxy.close();
    await database.drop();
  });

  const hold = (statement: string) => holdOpen(database.direct, statement);
  const hurryLocks = (): void => {
    proxy.rewrite = (statement) => statement.replace("lock_timeout = '10s'", "lock_timeout = '100ms'");
  };
  const hurryWrites = (time: string): void => {
    proxy.rewrite = (statement) =>
      statement === 'savepoint pages' ? `${statement}; set local statement_timeout = '${time}'` : statement;
  };

  test('D11 that run into a deadlock with a batch cost it one more try', async () => {
    await syncMirror({ baseUrl: site.url, databaseUrl: database.direct });
    const space = site.spaces()[0]?.key;
    const ids = [...site.pages()].filter(({ spaceKey }) => spaceKey === space).map(({ id }) => id);
    const [first = '', second = ''] = ids;
    site.edit.edit(first);
    site.edit.edit(second);
    const touching = (id: string) => `update confluence_pages set title = title where id = '${id}'`;
    const other = await hold(`set local deadlock_timeout = '1min'; ${touching(second)}`);
    const running = startSync(site, proxy.url);

    await untilBlocked(database.direct);
    await other.query(`${touching(first)}; commit`);
    const result = await running.ended;

    expect(result.stderr).toMatch(/"code":"40P01","fault":"conflict".*trying again/);
    await expectWhole(result, site, database.direct);
  });

  test('D12 that keep a table locked for a while are waited for, each time for a bounded time', async () => {
    hurryLocks();
    const other = await hold('lock table confluence_pages in access exclusive mode');
    const running = startSync(site, proxy.url);

    await running.said('"code":"55P03","fault":"conflict"');
    await other.query('commit');

    await expectWhole(await running.ended, site, database.direct);
  });

  test('D12 that keep a table locked for good end the run as unavailable', async () => {
    hurryLocks();
    const other = await hold('lock table confluence_pages in access exclusive mode');

    const result = await sync(site, proxy.url);

    expect([result.code, wordsOf(result)]).toEqual([
      69,
      expect.stringMatching(/55P03.*lock timeout after 5 tries\): try again later/),
    ]);
    await other.query('commit');
    await expectWhole(await sync(site, proxy.url), site, database.direct);
  });

  test('D13 that make a statement time out once cost it one more try', async () => {
    hurryWrites('300ms');
    const other = await hold('lock table confluence_page_changes in exclusive mode');
    const running = startSync(site, proxy.url);

    await running.said('"code":"57014","fault":"timeout"');
    await other.query('commit');

    await expectWhole(await running.ended, site, database.direct);
  });

  test('D13 by a trigger that one page keeps busy cost only that page its place', async () => {
    hurryWrites('500ms');
    const slow = [...site.pages()][5]?.id ?? '';
    await slowDown(database.direct, `new.id = '${slow}'`);

    const result = await sync(site, proxy.url);

    expect([result.code, wordsOf(result)]).toEqual([0, '']);
    expect(await query(database.direct, 'select page_id, stage, code from confluence_sync_failures')).toEqual(
      [{ page_id: slow, stage: 'store', code: '57014' }],
    );
    expect(await mirroredPages(database.direct)).toEqual(truthOf(site).filter(({ id }) => id !== slow));
  });

  test('D13 by a trigger that is slow with every page blame no page', async () => {
    hurryWrites('200ms');
    await slowDown(database.direct, 'true');

    const result = await sync(site, proxy.url);

    expect([result.code, wordsOf(result)]).toEqual([
      69,
      expect.stringMatching(/57014.*the database is too slow, try again later/),
    ]);
    await expectSound(database.direct);
  });
});

describe('a server without room', () => {
  let disks: SmallDisks;
  let cluster: OwnCluster;
  let url: string;
  beforeEach(async () => {
    disks = await mountSmallDisks({ pages: 24, wal: 16 });
    endings.push(async () => {
      await sleep(0);
      disks.remove();
    });
    cluster = await startOwnCluster('full', ['max_wal_size=4MB', 'min_wal_size=2MB'], {
      initdb: [`--waldir=${disks.pathOf('wal')}/pg_wal`, '--wal-segsize=1'],
      within: disks.within,
    });
    endings.push(async () => {
      await sleep(0);
      cluster.remove();
    });
    url = new URL('/mirror', cluster.url).href;
  });

  test('D15 for pages ends the run, keeps what was stored, and the next run goes on where there is room', async () => {
    await query(cluster.url, `create tablespace small location '${disks.pathOf('pages')}'`);
    await query(cluster.url, 'create database mirror tablespace small strategy file_copy');
    await migrate(url);
    disks.fill('pages', 300);

    const result = await sync(site, url);

    expect([result.code, wordsOf(result)]).toEqual([
      69,
      expect.stringMatching(
        /the database is out of a resource \(53100: could not extend file.*\): free it, then try again/,
      ),
    ]);
    await expectSound(url);
    const stored = (await mirroredPages(url)).length;
    expect([stored > 0, stored < PAGES]).toEqual([true, true]);
    disks.free('pages');
    await expectWhole(await sync(site, url), site, url);
  });

  test('D16 for its log, of which it dies, is waited for', async () => {
    await query(cluster.url, 'create database mirror');
    const proxy = await startFaultProxy(url);
    endings.push(proxy.close);
    let batches = 0;
    proxy.judge = async (statement): Promise<Fate> => {
      if (statement.includes(WRITES)) batches += 1;
      if (statement.includes(WRITES) && batches === 3) {
        disks.fill('wal', 0);
        await query(
          url,
          `select pg_switch_wal(), pg_logical_emit_message(false, 'filler', repeat('x', 4000000))`,
        ).catch(() => undefined);
      }
      return 'pass';
    };
    const running = startSync(site, proxy.url);
    await running.said('trying again');

    expect(cluster.log()).toMatch(/PANIC: .*No space left on device/);
    disks.free('wal');
    await untilUp(cluster);

    await expectWhole(await running.ended, site, url);
  });
});

describe('a server with no connection left', () => {
  const hogs: pg.Client[] = [];
  let cluster: OwnCluster;
  let url: string;
  beforeEach(async () => {
    cluster = await startOwnCluster('crowded', ['max_connections=8', 'superuser_reserved_connections=0']);
    endings.push(async () => {
      for (const hog of hogs.splice(0)) await hog.end();
      cluster.remove();
    });
    await administer(cluster.url, 'create database mirror');
    url = new URL('/mirror', cluster.url).href;
    for (let count = 0; count < 8; count += 1) hogs.push(await holdOpen(cluster.url, 'select 1'));
  });

  test('D17 is asked again until there is one', async () => {
    const running = startSync(site, url);
    await running.said('"code":"53300","fault":"connection"');

    for (const hog of hogs.splice(0)) await hog.end();

    await expectWhole(await running.ended, site, url);
  });

  test('D17 for good ends the run as unavailable', async () => {
    const result = await sync(site, url, hurriedClock(10));

    expect([result.code, wordsOf(result)]).toEqual([
      69,
      expect.stringMatching(/53300: .*too many clients already after \d+ tries\): try again later/),
    ]);
  });
});

/** Another session, in the middle of a transaction. */
async function holdOpen(databaseUrl: string, statement: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  endings.push(() => client.end());
  await client.query(`begin; ${statement}`);
  return client;
}

/** Waits until a batch waits for another session. */
async function untilBlocked(databaseUrl: string): Promise<void> {
  const question = `select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like $1`;
  while ((await query(databaseUrl, question, [`%${WRITES}%`])).length === 0) await sleep(20);
}

async function slowDown(databaseUrl: string, condition: string): Promise<void> {
  await query(
    databaseUrl,
    `create function foreign_slowness() returns trigger language plpgsql as
     $$ begin if ${condition} then perform pg_sleep(20); end if; return new; end $$`,
  );
  await query(
    databaseUrl,
    'create trigger slow before insert on confluence_pages for each row execute function foreign_slowness()',
  );
}

async function migrate(url: string): Promise<void> {
  const database = await openDatabase({ url, schema: 'public', poolMax: 1 }, databaseParts);
  await database.migrator.up();
  await database.close();
}

/** A server that could not recover for want of room has given up. */
async function untilUp(cluster: OwnCluster): Promise<void> {
  for (;;) {
    const isUp = await cluster.order('status').then(
      () => true,
      () => false,
    );
    if (!isUp) await cluster.revive();
    const answers = await query(cluster.url, 'select 1').then(
      () => true,
      () => false,
    );
    if (answers) return;
    await sleep(50);
  }
}
