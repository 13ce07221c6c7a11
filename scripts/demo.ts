/**
 * Shows the product on a sample Confluence and an embedded database: three syncs, with edits between the first two. Runs the
 * real program, and ends with 1 when a sync did anything but what the edits ask for.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSampleSite } from '../src/sample-site/create-sample-site.ts';
import type { SampleSite } from '../src/sample-site/sample-site.ts';
import type { PageCounts, RunReport } from '../src/sync/report.ts';

const PAGES = 120;
const clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
};

const folder = await mkdtemp(join(tmpdir(), 'confluence-sync-demo-'));
const site = createSampleSite({ deployment: 'cloud', pages: PAGES, spaces: 3, clock });
try {
  const { url } = await site.listen(0);
  await show(url);
} finally {
  await site.close();
  await rm(folder, { recursive: true, force: true });
}

async function show(url: string): Promise<void> {
  const environment = {
    CONFLUENCE_BASE_URL: url,
    CONFLUENCE_EMAIL: 'demo@example.com',
    CONFLUENCE_API_TOKEN: 'demo-token',
    DATABASE_URL: `pglite:${folder}/mirror`,
    LOG_LEVEL: 'error',
  };
  say(`A sample Confluence with ${PAGES} pages runs at ${url}, an empty database lies in ${folder}.`);

  heading('1. The first sync: every page is created');
  await syncAndExpect(environment, { created: PAGES });

  heading('2. People edit the site');
  const edits = editSite(site);
  heading('   The second sync: exactly these pages, and the bad one costs no other its place');
  await syncAndExpect(environment, edits);
  await run(environment, ['failures', 'list']);

  heading('3. The third sync: nothing has changed, nothing is written');
  await syncAndExpect(environment, { failed: 1 });
  say('\nThe demo is over; its database is removed. Next: README.md, "Sync your Confluence".');
}

function editSite(site: SampleSite): Partial<PageCounts> {
  const ids = [...site.pages()].filter((page) => page.status === 'current').map((page) => page.id);
  const { edit } = site;
  const [first, second, third, fourth, fifth, sixth] = ids.slice(20);
  if (!first || !second || !third || !fourth || !fifth || !sixth)
    throw new Error('the sample site is too small');
  edit.edit(first);
  say(`   edited: ${first}`);
  edit.rewriteVolatile(second);
  say(`   saved again by the editor, new version with the same words: ${second}`);
  edit.rename(third, 'A new name');
  say(`   renamed: ${third}`);
  edit.move(fourth, first);
  say(`   moved below another page: ${fourth}`);
  edit.purge(fifth);
  say(`   deleted: ${fifth}`);
  edit.poison(sixth, 'version_overflow');
  say(`   broken, with a version number that no database takes: ${sixth}`);
  return { updated: 3, moved: 1, deleted: 1, failed: 1 };
}

async function syncAndExpect(
  environment: Record<string, string>,
  expected: Partial<PageCounts>,
): Promise<void> {
  await run(environment, ['sync', '--mode', 'full']);
  const status = JSON.parse(await read(environment, ['status', '--json'])) as {
    runs: { report: RunReport }[];
  };
  const counts = status.runs[0]?.report.counts;
  const names = ['created', 'updated', 'moved', 'restored', 'deleted', 'failed'] as const;
  const wrong = names.filter((name) => counts?.[name] !== (expected[name] ?? 0));
  if (wrong.length === 0) return;
  say(`\nThe demo failed: unexpected ${wrong.join(', ')}`);
  process.exitCode = 1;
}

async function run(environment: Record<string, string>, args: readonly string[]): Promise<void> {
  say(`\n$ confluence-sync ${args.join(' ')}`);
  process.stdout.write(await read(environment, args));
}

/** What the program prints; its messages go straight to the terminal. */
async function read(environment: Record<string, string>, args: readonly string[]): Promise<string> {
  const program = join(import.meta.dirname, '..', 'src', 'main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`confluence-sync ${args.join(' ')} ended with ${String(code)}`);
  return printed;
}

function heading(text: string): void {
  say(`\n${text}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
