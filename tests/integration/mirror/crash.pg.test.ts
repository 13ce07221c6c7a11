import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import type { SampleSite } from '../../../src/sample-site/sample-site.ts';
import { databaseParts } from '../../support/database-parts.ts';
import {
  feedFormOfTable,
  mirroredPages,
  query,
  replayedFeed,
  syncMirror,
  truthOf,
} from '../../support/mirror.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';
import { startCli } from '../../support/run-cli.ts';

const PAGES = 5_000;
const KILLS = 20;

let site: SampleSite;
let database: TestDatabase;
let baseUrl: string;

beforeAll(async () => {
  database = await createTestDatabase();
  site = createSampleSite({
    deployment: 'cloud',
    pages: PAGES,
    spaces: 5,
    bodyBytes: 2_000,
    clock: databaseParts.clock,
  });
  baseUrl = (await site.listen(0)).url;
});
afterAll(async () => {
  await site.close();
  await database.drop();
});

/** Waits until the database holds a number of changes that this run has not reached before, then kills the program. */
async function killInMidRun(after: number): Promise<number> {
  const { child, ended } = startCli(['sync', '--mode', 'full'], {
    CONFLUENCE_BASE_URL: baseUrl,
    CONFLUENCE_ACCESS_TOKEN: 'tests-token',
    DATABASE_URL: database.url,
    SYNC_BATCH_SIZE: '50',
  });
  for (let waited = 0; waited < 30_000 && child.exitCode === null; waited += 5) {
    const [row] = await query<{ changes: number }>(
      database.url,
      'select count(*)::int as changes from confluence_page_changes',
    );
    if ((row?.changes ?? 0) > after) break;
    await sleep(5);
  }
  await sleep(Math.random() * 40);
  child.kill('SIGKILL');
  await ended;
  const [row] = await query<{ changes: number }>(
    database.url,
    'select count(*)::int as changes from confluence_page_changes',
  );
  return row?.changes ?? 0;
}

test(`killed ${KILLS} times at random moments, the next finished run leaves the table equal to the source`, async () => {
  let changes = 0;
  const seen: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    changes = await killInMidRun(changes);
    seen.push(changes);
    // Work for the next run, so that no kill meets a run with nothing to do.
    for (const { id } of truthOf(site)
      .filter(({ status }) => status === 'current')
      .slice(kill * 60, kill * 60 + 60))
      site.edit.edit(id);
  }

  const { report, error } = await syncMirror({ baseUrl, databaseUrl: database.url });

  expect(error).toBeNull();
  expect(report.outcome).toBe('succeeded');
  expect(new Set(seen).size).toBeGreaterThan(KILLS / 2);
  expect(await mirroredPages(database.url)).toEqual(truthOf(site));
  expect(await replayedFeed(database.url)).toEqual(await feedFormOfTable(database.url));
  const outcomes = await query<{ outcome: string }>(
    database.url,
    'select outcome from confluence_sync_runs order by started_at',
  );
  expect(outcomes.at(-1)?.outcome).toBe('succeeded');
  expect(outcomes.some(({ outcome }) => outcome === 'running')).toBe(false);
}, 300_000);
