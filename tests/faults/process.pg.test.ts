import { createServer } from 'node:http';
import {
  createServer as createTcpServer,
  connect,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createSampleSite } from '../../src/sample-site/create-sample-site.ts';
import type { SampleSite } from '../../src/sample-site/sample-site.ts';
import { mirroredPages, truthOf } from '../support/mirror.ts';
import { createTestDatabase, type TestDatabase } from '../support/real-postgres.ts';
import { realClock } from '../support/test-clock.ts';
import { journal, leaseIsFree, startWorker, until, type WorkerProcess } from '../unit/worker/start-worker.ts';

/** What an orchestrator is promised. */
const END_MS = 5_000;

let database: TestDatabase;
const sites: SampleSite[] = [];
const workers: WorkerProcess[] = [];
const endings: (() => Promise<void> | void)[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const worker of workers.splice(0)) {
    worker.signal('SIGCONT');
    worker.signal('SIGKILL');
    await worker.ended;
  }
  for (const end of endings.splice(0)) await end();
  await Promise.all(sites.splice(0).map((site) => site.close()));
  await database.drop();
});

async function sampleSite(pages: number, ...faults: string[]): Promise<SampleSite & { url: string }> {
  const site = createSampleSite({ deployment: 'cloud', pages, spaces: 3, faults, clock: realClock });
  sites.push(site);
  return { ...site, url: (await site.listen(0)).url };
}

function start(url: string, environment: Record<string, string> = {}): WorkerProcess {
  const worker = startWorker({ CONFLUENCE_BASE_URL: url, DATABASE_URL: database.url, ...environment });
  workers.push(worker);
  return worker;
}

async function lastOutcome(): Promise<string | undefined> {
  return (await journal(database.url)).at(-1)?.outcome;
}

describe('a worker lives', () => {
  test('it starts, fills the mirror, is ready, and ends with 0 at SIGTERM', async () => {
    const site = await sampleSite(120);
    const worker = start(site.url);
    await worker.said('run finished');

    expect(await worker.get('/livez')).toMatchObject({ status: 200 });
    expect(await worker.get('/readyz')).toEqual({ status: 200, body: '{"ready":true,"reasons":[]}' });
    const { body: metrics } = await worker.get('/metrics');
    expect(metrics).toContain('\nconfluence_sync_runs_total{mode="full",outcome="succeeded"} 1\n');
    expect(metrics).toMatch(/\nconfluence_sync_source_requests_total [1-9]/);
    const { code, ms, stderr } = await worker.end('SIGTERM');

    expect([code, stderr.includes('bug')]).toEqual([0, false]);
    expect(ms).toBeLessThan(END_MS);
    expect(await leaseIsFree(database.url)).toBe(true);
    expect(await journal(database.url)).toMatchObject([{ mode: 'full', outcome: 'succeeded' }]);
    expect(await mirroredPages(database.url)).toEqual(truthOf(site));
  });

  test('started again with nothing due it makes no run', async () => {
    const { url } = await sampleSite(20);
    const first = start(url);
    await first.said('run finished');
    await first.end('SIGTERM');
    const second = start(url);
    await second.said('worker started');
    await sleep(2_500);

    expect((await second.end('SIGTERM')).code).toBe(0);
    expect(await journal(database.url)).toHaveLength(1);
  });

  test('with SYNC_ON_START=false the first run is that of the first tick', async () => {
    const { url } = await sampleSite(20);
    const at = new Date(Date.now() + 12_000);
    const worker = start(url, {
      SYNC_ON_START: 'false',
      SYNC_TIMEZONE: 'UTC',
      SYNC_CRON: `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`,
    });
    await worker.said('run finished');

    const [run] = await journal(database.url);
    expect(run?.started_at.getTime()).toBeGreaterThanOrEqual(Math.floor(at.getTime() / 1000) * 1000);
  });

  test('P8 ticks during a run are skipped and counted', async () => {
    const { url } = await sampleSite(20, 'slow_answer:delay_ms=1500,path=/pages');
    const worker = start(url, { SYNC_CRON: '* * * * * *' });
    await worker.said('run finished', 2);

    const { body } = await worker.get('/metrics');
    const skipped = /skipped_ticks_total\{reason="running"\} (\d+)/.exec(body)?.[1];
    expect(Number(skipped)).toBeGreaterThanOrEqual(3);
    const runs = await journal(database.url);
    for (const [index, run] of runs.slice(1).entries())
      expect(run.started_at.getTime()).toBeGreaterThanOrEqual(
        runs[index]?.finished_at?.getTime() ?? Infinity,
      );
  });

  test('P11 suspended over several ticks it makes exactly one catch-up run', async () => {
    const { url } = await sampleSite(20);
    // All ticks lie in one minute, far enough ahead for the first run.
    const second = new Date().getUTCSeconds();
    if (second > 40) await sleep((61 - second) * 1_000);
    const first = new Date(Date.now() + 12_000);
    const [from, minute, hour] = [first.getUTCSeconds(), first.getUTCMinutes(), first.getUTCHours()];
    const worker = start(url, { SYNC_CRON: `${from},${from + 2},${from + 4} ${minute} ${hour} * * *` });
    await worker.said('run finished');
    // The run gives the lease back before the worker is idle.
    await sleep(1_000);
    worker.signal('SIGSTOP');
    await sleep(first.getTime() + 6_500 - Date.now());
    expect(await journal(database.url)).toHaveLength(1);
    worker.signal('SIGCONT');
    await worker.said('run finished', 2);
    await sleep(7_000);

    expect(await journal(database.url)).toHaveLength(2);
  }, 120_000);

  test('P9 two replicas make each run once, and the other goes on when one is killed', async () => {
    const { url } = await sampleSite(60);
    const replicas = [start(url, { SYNC_CRON: '*/2 * * * * *' }), start(url, { SYNC_CRON: '*/2 * * * * *' })];
    await until(async () => ((await journal(database.url)).length >= 5 ? true : undefined));
    const before = await journal(database.url);
    for (const [index, run] of before.slice(1).entries())
      expect(run.started_at.getTime()).toBeGreaterThanOrEqual(
        before[index]?.finished_at?.getTime() ?? Infinity,
      );
    const slots = before.slice(1).map((run) => Math.floor(run.started_at.getTime() / 2_000));
    expect(new Set(slots).size).toBe(slots.length);

    replicas[0]?.signal('SIGKILL');
    await until(async () => ((await journal(database.url)).length >= before.length + 3 ? true : undefined));
    expect((await replicas[1]?.end('SIGTERM'))?.code).toBe(0);
  }, 120_000);

  test('P19 a closed log does not end it', async () => {
    const { url } = await sampleSite(20);
    const worker = start(url, { SYNC_CRON: '*/2 * * * * *' });
    await worker.said('run finished');
    worker.closePipes();
    await until(async () => ((await journal(database.url)).length >= 4 ? true : undefined));

    expect((await worker.get('/livez')).status).toBe(200);
  });
});

describe('a worker ends', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'P1 with 0 at %s in the middle of a run, which is interrupted, and gives the lease back',
    async (signal) => {
      const { url } = await sampleSite(600, 'slow_answer:delay_ms=400,path=/pages');
      const worker = start(url);
      await worker.said('run started');
      await sleep(900);
      const { code, ms } = await worker.end(signal);

      expect(code).toBe(0);
      expect(ms).toBeLessThan(END_MS);
      expect(await leaseIsFree(database.url)).toBe(true);
      expect(await lastOutcome()).toBe('interrupted');
    },
  );

  test.each(['hang:path=/pages', 'rate_limit:path=/pages,retry_after=60', 'unavailable:path=/pages'])(
    'P1 while Confluence does this: %s',
    async (fault) => {
      const { url } = await sampleSite(60, fault);
      const worker = start(url);
      await worker.said('run started');
      await sleep(1_500);
      const { code, ms } = await worker.end('SIGTERM');

      expect(code).toBe(0);
      expect(ms).toBeLessThan(END_MS);
      expect(await leaseIsFree(database.url)).toBe(true);
      expect(await lastOutcome()).toBe('interrupted');
    },
  );

  test('P1 with 0 although the database keeps its batch waiting', async () => {
    const site = await sampleSite(60);
    await holdTable('confluence_pages');
    const worker = start(site.url);
    await worker.said('run started');
    await sleep(1_500);
    const { code, ms } = await worker.end('SIGTERM');

    expect(code).toBe(0);
    expect(ms).toBeLessThan(END_MS);
  });

  test('P2 at once at a second signal', async () => {
    const site = await sampleSite(60);
    await holdTable('confluence_pages');
    const worker = start(site.url);
    await worker.said('run started');
    await sleep(1_500);
    worker.signal('SIGTERM');
    await sleep(300);
    const { code, ms } = await worker.end('SIGTERM');

    expect(code).toBe(143);
    expect(ms).toBeLessThan(1_000);
    expect(await mirroredPages(database.url)).toEqual([]);
  });

  test('P17 with 70 and one line without a credential after an error that nobody caught', async () => {
    const { url } = await sampleSite(20);
    const bug = "setTimeout(() => { throw new TypeError('bad tests-token'); }, 4000)";
    const worker = start(url, { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}` });
    const { code, stderr } = await worker.ended;

    expect(code).toBe(70);
    const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^confluence-sync: this is a bug.*TypeError: bad \[redacted\]/);
  });

  test.each([
    ['SYNC_CRON', '61 * * * *'],
    ['RECONCILE_CRON', '0 0 30 2 *'],
    ['SYNC_TIMEZONE', 'Mars/Olympus'],
    ['HTTP_HOST', '0.0.0.0'],
  ])('P15 with 78 at once when %s is %s', async (name, value) => {
    const { code, stderr } = await start('http://127.0.0.1:9', { [name]: value }).ended;

    expect(code).toBe(78);
    expect(stderr).toContain(name === 'HTTP_HOST' ? 'HTTP_TOKEN' : name);
  });

  test('P24 with 78 when the port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    endings.push(() => void taken.close());
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await start('http://127.0.0.1:9', { HTTP_PORT: String(port) }).ended;

    expect(code).toBe(78);
    expect(stderr).toContain(String(port));
  });

  test('P30 with 78 when the database mirrors another site', async () => {
    const first = start((await sampleSite(20)).url);
    await first.said('run finished');
    await first.end('SIGTERM');
    const other = createSampleSite({ deployment: 'datacenter', pages: 20, clock: realClock });
    sites.push(other);
    const { code, stderr } = await start((await other.listen(0)).url, { SYNC_CRON: '* * * * * *' }).ended;

    expect(code).toBe(78);
    expect(stderr).toMatch(/confluence-sync: .*(site|mirror)/);
  });
});

describe('a worker outlives', () => {
  test('S15 refused credentials: it stays alive, is not ready, and stops asking', async () => {
    const site = await sampleSite(20, 'unauthorized');
    const worker = start(site.url, { SYNC_CRON: '* * * * * *' });
    await worker.said('confluence refuses the credentials, nothing is synced until it takes them');
    const asked = site.requests.length;
    await sleep(4_000);

    expect(site.requests).toHaveLength(asked);
    expect((await worker.get('/livez')).status).toBe(200);
    expect(await worker.get('/readyz')).toEqual({
      status: 503,
      body: '{"ready":false,"reasons":["credentials: Confluence refuses them"]}',
    });
    expect((await worker.get('/metrics')).body).toContain('\nconfluence_sync_credentials_refused 1\n');
    expect(await worker.end('SIGTERM')).toMatchObject({ code: 0 });
  });

  test('S7 a Confluence that is away: the next tick tries again', async () => {
    const site = await sampleSite(20, 'unavailable');
    const worker = start(site.url, { SYNC_CRON: '*/2 * * * * *', CONFLUENCE_DEPLOYMENT: 'cloud' });
    await worker.said('run failed, the next is tried when it is due');
    expect((await worker.get('/livez')).status).toBe(200);
    site.faults.clear();
    await until(async () => ((await lastOutcome()) === 'succeeded' ? true : undefined));

    expect((await worker.get('/readyz')).status).toBe(200);
  }, 120_000);

  test('D8 a database that is away at the start: it is alive, not ready, and begins when it comes', async () => {
    const site = await sampleSite(20);
    const gate = await openGate(database.url);
    gate.shut();
    const worker = start(site.url, { DATABASE_URL: gate.url });
    await worker.said('the worker cannot begin yet');

    expect((await worker.get('/livez')).status).toBe(200);
    expect(await worker.get('/readyz')).toMatchObject({ status: 503 });
    gate.open();
    await worker.said('run finished');
    expect((await worker.get('/readyz')).status).toBe(200);
  }, 120_000);

  test('P1 a database that is away at the start does not delay its end', async () => {
    const gate = await openGate(database.url);
    gate.shut();
    const worker = start((await sampleSite(20)).url, { DATABASE_URL: gate.url });
    await worker.said('server listening');
    await sleep(1_000);

    expect(await worker.end('SIGTERM')).toMatchObject({ code: 0 });
  });
});

/** Holds a lock that every writer of the table waits for, until the test is over. */
async function holdTable(name: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query(`lock table ${name} in exclusive mode`);
  endings.push(() => client.end());
}

type Gate = Readonly<{ url: string; shut: () => void; open: () => void }>;

/** A door in front of the database; shut, it cuts every connection. */
async function openGate(databaseUrl: string): Promise<Gate> {
  const target = new URL(databaseUrl);
  const port = Number(target.port);
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server: Server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    if (!isOpen) return socket.destroy();
    const beyond = connect(port, target.hostname);
    beyond.on('error', () => socket.destroy());
    sockets.add(socket);
    socket.on('close', () => beyond.destroy());
    beyond.on('close', () => socket.destroy());
    return socket.pipe(beyond).pipe(socket);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  endings.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  target.port = String((server.address() as AddressInfo).port);
  const shut = (): void => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return { url: target.href, shut, open: () => void (isOpen = true) };
}
