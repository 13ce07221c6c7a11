import { expect } from '@jest/globals';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import type { SampleSite } from '../../../src/sample-site/sample-site.ts';
import { feedFormOfTable, mirroredPages, query, replayedFeed, truthOf } from '../../support/mirror.ts';
import { startCli, type CliProcess, type CliResult } from '../../support/run-cli.ts';
import { realClock } from '../../support/test-clock.ts';

/** A site that listens; `url` is what a user would configure. */
export type ListeningSite = SampleSite & Readonly<{ url: string }>;

/** A Cloud site of three spaces; `slow` makes each of its lists take a while. */
export async function startSite(pages: number, ...faults: readonly string[]): Promise<ListeningSite> {
  const site = createSampleSite({ deployment: 'cloud', pages, spaces: 3, faults, clock: realClock });
  return { ...site, url: (await site.listen(0)).url };
}

/** A run of the real program that is under way; `said` resolves when its log or its last words hold a text. */
export type RunningSync = CliProcess & Readonly<{ said: (text: string) => Promise<void> }>;

const running = new Set<CliProcess>();

/** Ends the runs that a test did not wait for. */
export async function endSyncs(): Promise<void> {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  running.clear();
}

/** Starts `sync` as a process. Its log goes to stderr as JSON. */
export function startSync(
  site: ListeningSite,
  databaseUrl: string,
  environment: Readonly<Record<string, string>> = {},
): RunningSync {
  const started = startCli(['sync', '--json', '--mode', 'full'], {
    CONFLUENCE_BASE_URL: site.url,
    CONFLUENCE_ACCESS_TOKEN: 'tests-token',
    DATABASE_URL: databaseUrl,
    SYNC_BATCH_SIZE: '10',
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'json',
    ...environment,
  });
  running.add(started);
  let stderr = '';
  started.child.stderr?.on('data', (more: string) => (stderr += more));
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stderr.includes(text)) resolve();
      };
      look();
      started.child.stderr?.on('data', look);
      void started.ended.then(({ code }) => {
        reject(new Error(`it ended with ${code ?? 'no code'} and never said "${text}": ${stderr}`));
      });
    });
  return { ...started, said };
}

/** Runs `sync` as a process to its end. */
export async function sync(...parameters: Parameters<typeof startSync>): Promise<CliResult> {
  return await startSync(...parameters).ended;
}

/** Holds a finished run against the site: all is stored, once in table and feed, and nothing was blamed on a page. */
export async function expectWhole(
  result: CliResult,
  site: ListeningSite,
  databaseUrl: string,
): Promise<void> {
  expect({ code: result.code, said: wordsOf(result) }).toEqual({ code: 0, said: '' });
  expect(await mirroredPages(databaseUrl)).toEqual(truthOf(site));
  await expectSound(databaseUrl);
}

/** Whatever is stored is told in the feed, once, and nothing was blamed on a page. */
export async function expectSound(databaseUrl: string): Promise<void> {
  expect(await replayedFeed(databaseUrl)).toEqual(await feedFormOfTable(databaseUrl));
  const idle = `select page_id from (select page_id, content_changed, row_to_json(c)::jsonb - 'seq' - 'run_id' - 'changed_at'
    - 'kind' - 'previous_hash' as now, lag(row_to_json(c)::jsonb - 'seq' - 'run_id' - 'changed_at' - 'kind' - 'previous_hash')
    over (partition by page_id order by seq) as before from confluence_page_changes c where kind = 'updated') as told
    where now = before`;
  expect(await query(databaseUrl, idle)).toEqual([]);
  expect(await query(databaseUrl, 'select * from confluence_sync_failures')).toEqual([]);
}

/** What it said to a person: stderr without the log. */
export function wordsOf({ stderr }: CliResult): string {
  return stderr
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{'))
    .join('\n');
}

/** How many pages a mirror holds, gone ones included. */
export async function countStored(databaseUrl: string): Promise<number> {
  const counted = await query<{ pages: number }>(
    databaseUrl,
    'select count(*)::int as pages from confluence_pages',
  );
  return counted[0]?.pages ?? 0;
}

/** The counts of the report. */
export function countsOf({ stdout }: CliResult): unknown {
  return (JSON.parse(stdout) as { counts: unknown }).counts;
}
