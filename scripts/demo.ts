/**
 * Shows the product on a sample Confluence and an embedded database: a first sync, edits and deletions, a page that comes back
 * while most of a space is out of sight, and the feed of it all. Runs the real program, and ends with 1 when a sync did anything
 * but what happened to the site.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSampleSite } from '../src/sample-site/create-sample-site.ts';
import type { SampleSite } from '../src/sample-site/sample-site.ts';
import type { PageCounts } from '../src/sync/report.ts';

const PAGES = 120;
/** What the program ends with when a guard held deletions back. */
const HELD = 65;
/** The pages whose fate is shown over several syncs. */
type Marked = Readonly<{ trashed: string; broken: string }>;

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
  const marked = editSite(site);
  say('   The sync finds exactly these, asks Confluence about each page that is gone before it says so,');
  say('   and the broken page costs no other its place:');
  await syncAndExpect(environment, { updated: 3, moved: 1, deleted: 2, failed: 1 });
  await run(environment, ['failures', 'list']);

  heading('3. Two pages come back, and most of a space is gone all at once');
  const lift = breakSite(site, marked);
  say('   The sync takes in what came back, but holds such a mass of deletions for a person to look at:');
  await syncAndExpect(environment, { updated: 1, restored: 1 }, HELD);

  heading('4. The permission is given back: nothing was lost, nothing has changed, nothing is written');
  lift();
  await syncAndExpect(environment, {});

  heading('5. The feed since the first sync: each change once, in the order of commits');
  await showFeed(environment, PAGES);
  say('\nThe demo is over; its database is removed. Next: README.md, "Sync your Confluence".');
}

function editSite({ edit }: SampleSite): Marked {
  const ids = pagesOutside(coveredSpace());
  const [first, second, third, fourth, fifth, trashed, broken] = ids.slice(20);
  if (!first || !second || !third || !fourth || !fifth || !trashed || !broken)
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
  say(`   deleted for good: ${fifth}`);
  edit.trash(trashed);
  say(`   put into the trash: ${trashed}`);
  edit.poison(broken, 'version_overflow');
  say(`   broken, with a version number that no database takes: ${broken}`);
  return { trashed, broken };
}

/** Returns what makes the hidden pages visible again. */
function breakSite({ edit, faults }: SampleSite, { trashed, broken }: Marked): () => void {
  edit.restore(trashed);
  say(`   taken out of the trash: ${trashed}`);
  edit.heal(broken);
  say(`   saved again, with a sound version number: ${broken}`);
  const { id, key } = coveredSpace();
  const fault = faults.add(`shrunk_listing:share=0.8,path=/spaces/${id}/pages`);
  say(`   hidden by a wrong permission: most of the pages of space ${key}`);
  return () => faults.remove(fault);
}

/** The space of which most is hidden later; until then nothing happens in it. */
function coveredSpace(): ReturnType<SampleSite['spaces']>[number] {
  const space = site.spaces().at(-1);
  if (space === undefined) throw new Error('the sample site has no space');
  return space;
}

function pagesOutside({ key }: Readonly<{ key: string }>): readonly string[] {
  const pages = [...site.pages()].filter(({ status, spaceKey }) => status === 'current' && spaceKey !== key);
  return pages.map(({ id }) => id);
}

async function syncAndExpect(
  environment: Record<string, string>,
  expected: Partial<PageCounts>,
  expectedCode = 0,
): Promise<void> {
  const printed = await run(environment, ['sync', '--mode', 'full'], expectedCode);
  const counts = countsIn(printed);
  const names = ['created', 'updated', 'moved', 'restored', 'deleted', 'failed'] as const;
  const wrong = names.filter((name) => counts.get(name) !== (expected[name] ?? 0));
  if (wrong.length === 0) return;
  say(`\nThe demo failed: unexpected ${wrong.join(', ')}`);
  process.exitCode = 1;
}

/** The last line of the printed table, by the names of its columns. */
function countsIn(printed: string): ReadonlyMap<string, number> {
  const lines = printed.split('\n').map((line) => line.split(/\s+/));
  const columns = lines.find(([first]) => first === 'space') ?? [];
  const totals = lines.find(([first]) => first === 'total') ?? [];
  return new Map(columns.map((column, index) => [column, Number(totals[index])]));
}

/** The feed's own lines carry hashes, too, which nobody reads. */
async function showFeed(environment: Record<string, string>, after: number): Promise<void> {
  const args = ['changes', '--after', String(after)];
  say(`\n$ confluence-sync ${args.join(' ')} | jq -c '{seq, page_id, kind, content_changed, version}'`);
  for (const line of (await read(environment, args, 0)).split('\n').filter((text) => text !== '')) {
    const { seq, page_id, kind, content_changed, version } = JSON.parse(line) as Record<string, unknown>;
    say(JSON.stringify({ seq, page_id, kind, content_changed, version }));
  }
}

async function run(
  environment: Record<string, string>,
  args: readonly string[],
  expectedCode = 0,
): Promise<string> {
  say(`\n$ confluence-sync ${args.join(' ')}`);
  const printed = await read(environment, args, expectedCode);
  process.stdout.write(printed);
  return printed;
}

/** What the program prints; its messages go straight to the terminal. */
async function read(
  environment: Record<string, string>,
  args: readonly string[],
  expectedCode: number,
): Promise<string> {
  const program = join(import.meta.dirname, '..', 'src', 'main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== expectedCode)
    throw new Error(`confluence-sync ${args.join(' ')} ended with ${String(code)}\n${printed}`);
  return printed;
}

function heading(text: string): void {
  say(`\n${text}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
