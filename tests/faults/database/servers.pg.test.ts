import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { startFaultProxy, type Fate, type FaultProxy } from '../../support/fault-proxy.ts';
import { hurriedClock } from '../../support/hurried-clock.ts';
import { query } from '../../support/mirror.ts';
import { startOwnCluster, startOwnStandby, type OwnCluster } from '../../support/own-cluster.ts';
import { administer } from '../../support/real-postgres.ts';
import { startWorker } from '../../unit/worker/start-worker.ts';
import {
  countStored,
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
const WRITES = /i as materialized/;

let primary: OwnCluster;
let url: string;
let proxy: FaultProxy;
let site: ListeningSite;
let databases = 0;
const endings: (() => void)[] = [];

beforeAll(async () => {
  primary = await startOwnCluster('primary');
});
afterAll(() => {
  primary.remove();
});
beforeEach(async () => {
  databases += 1;
  await administer(primary.url, `create database mirror_${databases}`);
  url = withDatabase(primary);
  proxy = await startFaultProxy(url);
  site = await startSite(PAGES);
});
afterEach(async () => {
  await endSyncs();
  await site.close();
  await proxy.close();
  for (const end of endings.splice(0)) end();
});

describe('a server that restarts', () => {
  test.each(['immediate', 'fast'])(
    'D7 at once (%s) in the middle of a batch costs one more try',
    async (mode) => {
      proxy.judge = atBatch(3, () => primary.order('restart', '-m', mode));

      const result = await sync(site, proxy.url);

      expect(result.stderr).toMatch(/"fault":"connection".*trying again/);
      await expectWhole(result, site, url);
    },
  );

  test('D7 when its clients are gone (smart) lets the run end', async () => {
    let restarting = Promise.resolve();
    proxy.judge = atBatch(3, async () => {
      restarting = primary.order('restart', '-m', 'smart');
      await untilLogged('smart shutdown request');
    });

    const result = await sync(site, proxy.url);
    await restarting;

    await expectWhole(result, site, url);
  });

  test('D8 after it was killed is waited for', async () => {
    proxy.judge = atBatch(3, () => {
      primary.crash();
    });
    const running = startSync(site, proxy.url);
    await running.said('trying again');

    await primary.revive();

    await expectWhole(await running.ended, site, url);
  });

  test('D8 never ends the run as unavailable, and the next run goes on', async () => {
    proxy.judge = atBatch(3, () => {
      primary.crash();
    });

    const result = await sync(site, proxy.url, hurriedClock(20));
    await primary.revive();

    expect([result.code, wordsOf(result)]).toEqual([
      69,
      expect.stringMatching(/the database did not answer as it should .* after \d+ tries\): try again later/),
    ]);
    await expectSound(url);
    expect(await countStored(url)).toBe(20);
    await expectWhole(await sync(site, proxy.url), site, url);
  });

  test('D8 does not end a worker, which goes on by itself', async () => {
    const worker = startWorker({
      CONFLUENCE_BASE_URL: site.url,
      DATABASE_URL: url,
      SYNC_CRON: '* * * * * *',
    });
    endings.push(() => {
      worker.signal('SIGKILL');
    });
    await worker.said('run finished');
    primary.crash();
    await worker.said('transaction failed, trying again');

    expect((await worker.get('/livez')).status).toBe(200);
    expect((await worker.get('/readyz')).status).toBe(503);
    await primary.revive();
    const runs = worker.log.filter(({ msg }) => msg === 'run finished').length;
    await worker.said('run finished', runs + 2);
    expect((await worker.get('/readyz')).status).toBe(200);
    const { code, stderr } = await worker.end('SIGTERM');
    await expectWhole({ code, stderr, stdout: '', signal: null }, site, url);
  });
});

describe('a failover', () => {
  test('D9 to a standby that is not promoted ends the run as unavailable and blames no page', async () => {
    const standby = await startStandby('unpromoted');
    proxy.judge = atBatch(3, async () => {
      await standby.follow();
      proxy.targetPort = standby.cluster.port;
      proxy.cutAll();
    });

    const result = await sync(site, proxy.url, hurriedClock(20));

    expect([result.code, wordsOf(result)]).toEqual([
      69,
      expect.stringMatching(/25006.*read-only.*try again later/),
    ]);
    await expectSound(standby.url);
    expect(await countStored(standby.url)).toBe(20);
  });

  test('D9 to a standby that is promoted later is waited for', async () => {
    const standby = await startStandby('promoted');
    proxy.judge = atBatch(3, async () => {
      await primary.order('stop', '-m', 'fast');
      endings.push(() => {
        primary.control('start');
      });
      proxy.targetPort = standby.cluster.port;
    });
    const running = startSync(site, proxy.url);
    await running.said('"code":"25006"');

    await standby.cluster.order('promote');

    await expectWhole(await running.ended, site, standby.url);
  });

  test('D10 that loses the last run is healed by the next', async () => {
    const standby = await startStandby('behind');
    await sync(site, proxy.url);
    await standby.follow();
    await standby.fallBehind();
    for (const page of [...site.pages()].slice(0, 5)) site.edit.edit(page.id, `<p>again ${page.id}</p>`);
    await expectWhole(await sync(site, proxy.url), site, url);

    await standby.cluster.order('promote');
    const result = await sync(site, standby.url);

    await expectWhole(result, site, standby.url);
  });

  test('D10 that loses batches of the run ends it, and the next run stores them', async () => {
    const standby = await startStandby('lossy');
    const [fallBehind, failOver] = [
      atBatch(3, () => standby.fallBehind()),
      atBatch(5, async () => {
        await standby.cluster.order('promote');
        proxy.targetPort = standby.cluster.port;
        proxy.cutAll();
      }),
    ];
    proxy.judge = async (statement, session) => {
      await fallBehind(statement, session);
      return await failOver(statement, session);
    };

    const result = await sync(site, proxy.url);

    expect([result.code, wordsOf(result)]).toEqual([
      69,
      expect.stringMatching(/the database lost what this run had stored/),
    ]);
    await expectSound(standby.url);
    expect(await countStored(standby.url)).toBe(20);
    await expectWhole(await sync(site, proxy.url), site, standby.url);
  });
});

/** Does something before the nth batch is written; its statement goes on then. */
function atBatch(nth: number, work: () => Promise<void> | void): FaultProxy['judge'] {
  let batches = 0;
  return async (statement): Promise<Fate> => {
    if (WRITES.test(statement)) batches += 1;
    if (WRITES.test(statement) && batches === nth) await work();
    return 'pass';
  };
}

function withDatabase(cluster: OwnCluster): string {
  return new URL(`/mirror_${databases}`, cluster.url).href;
}

async function untilLogged(text: string): Promise<void> {
  while (!primary.log().includes(text)) await sleep(20);
}

/** A standby of the primary, with the database of the test. */
async function startStandby(name: string) {
  const cluster = await startOwnStandby(name, primary);
  endings.push(() => {
    cluster.remove();
  });
  const until = async (question: string): Promise<void> => {
    while ((await query(cluster.url, question)).length === 0) await sleep(20);
  };
  return {
    cluster,
    url: withDatabase(cluster),
    /** Waits until it has all that the primary has. */
    follow: async () => {
      const [now] = await query<{ lsn: string }>(primary.url, 'select pg_current_wal_lsn()::text as lsn');
      await until(`select 1 where pg_last_wal_replay_lsn() >= '${now?.lsn ?? ''}'`);
    },
    /** From here on it gets nothing from the primary. */
    fallBehind: async () => {
      await administer(cluster.url, `alter system set primary_conninfo = ''`);
      await administer(cluster.url, 'select pg_reload_conf()');
      await until('select 1 where not exists (select from pg_stat_wal_receiver)');
    },
  };
}
