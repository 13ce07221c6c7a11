import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import { readAudit, startAudit } from '../../support/audit-writers.ts';
import {
  feedFormOfTable,
  mirroredPages,
  query,
  replayedFeed,
  syncMirror,
  truthOf,
} from '../../support/mirror.ts';
import { createTestDatabase } from '../../support/real-postgres.ts';
import { realClock } from '../../support/test-clock.ts';
import { startWorker, until, type WorkerProcess } from '../../unit/worker/start-worker.ts';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

test('promise 7: of three workers that tick each second, one killed and one suspended, never do two write at once', async () => {
  const { url: databaseUrl, drop } = await createTestDatabase();
  endings.push(drop);
  await startAudit(databaseUrl);
  const site = createSampleSite({ deployment: 'cloud', pages: 40, spaces: 2, clock: realClock });
  endings.push(() => site.close());
  const { url: baseUrl } = await site.listen(0);
  const editing = editEachTick(site);
  endings.push(editing.stop);
  const workers = Array.from({ length: 3 }, () => start(baseUrl, databaseUrl));
  await Promise.all(workers.map((worker) => worker.said('worker started')));
  await untilRuns(databaseUrl, 3);

  const [first, second] = workers;
  first?.signal('SIGKILL');
  await untilRuns(databaseUrl, (await runs(databaseUrl)) + 3);
  second?.signal('SIGSTOP');
  await sleep(6_000);
  second?.signal('SIGCONT');
  await untilRuns(databaseUrl, (await runs(databaseUrl)) + 3);
  await editing.stop();
  await Promise.all(workers.slice(1).map((worker) => worker.end('SIGTERM')));
  const { error } = await syncMirror({ baseUrl, databaseUrl });

  expect(error).toBeNull();
  expect(await readAudit(databaseUrl)).toMatchObject({ overlaps: 0, mixedRuns: 0, stepsBack: 0 });
  expect((await readAudit(databaseUrl)).transactions).toBeGreaterThan(3);
  expect(await mirroredPages(databaseUrl)).toEqual(truthOf(site));
  expect(await replayedFeed(databaseUrl)).toEqual(await feedFormOfTable(databaseUrl));
}, 180_000);

function start(baseUrl: string, databaseUrl: string): WorkerProcess {
  const worker = startWorker({
    ...{ CONFLUENCE_BASE_URL: baseUrl, DATABASE_URL: databaseUrl },
    ...{ SYNC_CRON: '* * * * * *', SYNC_BATCH_SIZE: '2' },
  });
  endings.push(() => {
    worker.signal('SIGCONT');
    worker.signal('SIGKILL');
    return worker.ended;
  });
  return worker;
}

/** Somebody edits a few pages four times a second. */
function editEachTick(site: ReturnType<typeof createSampleSite>): { stop: () => Promise<void> } {
  const ids = truthOf(site).flatMap(({ id, status }) => (status === 'current' ? [id] : []));
  let turn = 0;
  const timer = setInterval(() => {
    for (let nth = 0; nth < 3; nth++) site.edit.edit(ids[turn++ % ids.length] ?? '');
  }, 250);
  return {
    stop: () => {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}

async function runs(databaseUrl: string): Promise<number> {
  const [row] = await query<{ runs: number }>(
    databaseUrl,
    `select count(*)::int as runs from confluence_sync_runs where outcome = 'succeeded'`,
  );
  return row?.runs ?? 0;
}

async function untilRuns(databaseUrl: string, wanted: number): Promise<void> {
  await until(async () => ((await runs(databaseUrl)) >= wanted ? true : undefined));
}
