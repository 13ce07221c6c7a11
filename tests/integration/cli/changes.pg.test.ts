import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { record } from '../../contract/page-store-values.ts';
import { query } from '../../support/mirror.ts';
import { administer, createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';
import { startCli, type CliProcess } from '../../support/run-cli.ts';
import { ask, loadInto, parsedLines } from './asking.ts';

let database: TestDatabase;
const following: CliProcess[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const { child, ended } of following.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await database.drop();
});

const load = (...ids: readonly string[]) => loadInto(database.url, { records: ids.map((id) => record(id)) });

const settings = () => ({ DATABASE_URL: database.url });
const run = (...args: readonly string[]) => ask(['changes', ...args], { DATABASE_URL: database.url });

function follow(
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): CliProcess & { lines: (count: number) => Promise<string[]> } {
  const started = startCli(['changes', '--follow', ...args], environment);
  following.push(started);
  let text = '';
  started.child.stdout?.on('data', (chunk: string) => (text += chunk));
  const lines = async (count: number): Promise<string[]> => {
    while (text.split('\n').length <= count && started.child.stdout !== null)
      await once(started.child.stdout, 'data');
    return text.trim().split('\n');
  };
  return { ...started, lines };
}

describe('changes', () => {
  test('prints one change a line with the columns of the table, in the order of seq', async () => {
    await load('7', '8', '9');

    const { code, stdout, stderr } = await run();

    const [columns] = await query<{ names: string[] }>(
      database.url,
      `select array_agg(column_name::text order by ordinal_position) as names from information_schema.columns
        where table_name = 'confluence_page_changes'`,
    );
    const rows = parsedLines(stdout);
    expect([code, stderr]).toEqual([0, '']);
    expect(rows.map(({ seq, page_id }) => [seq, page_id])).toEqual([
      [1, '7'],
      [2, '8'],
      [3, '9'],
    ]);
    expect(Object.keys(rows[0] ?? {})).toEqual(columns?.names);
    expect(rows[0]?.['changed_at']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  test('goes on after a seq, and stops at the limit', async () => {
    await load('7', '8', '9');

    const { stdout } = await run('--after', '1', '--limit', '1');

    expect(parsedLines(stdout)).toMatchObject([{ seq: 2, page_id: '8' }]);
  });

  test('prints a seq that no double can hold as a string', async () => {
    await query(database.url, 'alter table confluence_page_changes alter seq restart with 9007199254740991');
    await load('7', '8');

    const { stdout } = await run();

    expect(parsedLines(stdout).map(({ seq }) => seq)).toEqual([9007199254740991, '9007199254740992']);
  });

  test('prints nothing where there is nothing more, with exit code 0', async () => {
    await load('7');

    expect(await run('--after', '1')).toMatchObject({ code: 0, stdout: '' });
  });

  test.each(['-1', 'x', '1.5', '99999999999999999999'])('--after %s is wrong usage', async (after) => {
    expect((await run(`--after=${after}`)).code).toBe(64);
  });

  test('a reader behind the retention is told where to go on, with exit code 65', async () => {
    await load('7', '8', '9');
    await query(database.url, 'delete from confluence_page_changes where seq <= 2');
    await query(database.url, 'update confluence_sync_state set changes_removed_to = 2');

    const [behind, inFront] = [await run('--after', '1'), await run('--after', '2')];

    expect([behind.code, behind.stdout]).toEqual([65, '']);
    expect(behind.stderr).toMatch(/rows up to 2 were removed by CHANGES_KEEP_DAYS: .* --after 2/);
    expect([inFront.code, parsedLines(inFront.stdout)]).toMatchObject([0, [{ seq: 3 }]]);
  });
});

describe('changes --follow', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'prints what comes later, and ends with 0 on %s',
    async (signal) => {
      await load('7');
      const { child, ended, lines } = follow(settings());
      await lines(1);

      await load('8');
      await load('9');

      expect((await lines(3)).map((line) => (JSON.parse(line) as { page_id: string }).page_id)).toEqual([
        '7',
        '8',
        '9',
      ]);
      child.kill(signal);
      expect(await ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    },
  );

  test('goes on after every connection was cut, without a gap and without a repeat', async () => {
    await load('7');
    const { lines } = follow(settings());
    await lines(1);

    await administer(
      database.url,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await load('8', '9');

    const seen = (await lines(3)).map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(seen).toEqual([1, 2, 3]);
  });

  test('ends by itself at its limit', async () => {
    await load('7', '8', '9');

    const { code, stdout } = await follow(settings(), '--limit', '2').ended;

    expect([code, parsedLines(stdout).length]).toEqual([0, 2]);
  });

  test('ends by itself when nobody reads any more', async () => {
    await load('7');
    const { child, ended, lines } = follow(settings());
    await lines(1);
    child.stdout?.destroy();

    await load('8');

    expect((await ended).code).toBe(0);
  });

  test('ends with 65 when its place falls behind the retention', async () => {
    await load('7');
    const { ended, lines } = follow(settings());
    await lines(1);

    await query(database.url, 'update confluence_sync_state set changes_removed_to = 5');

    expect((await ended).code).toBe(65);
  });
});

test('changes --follow leaves an embedded database to others, and prints what they store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'confluence-sync-follow-'));
  const url = `pglite:${folder}/mirror`;
  try {
    await loadInto(url, { records: [record('7')] });
    const { child, ended, lines } = follow({ DATABASE_URL: url });
    await lines(1);
    await waitUntilFree(url);

    await loadInto(url, { records: [record('8')] });

    expect(parsedLines((await lines(2)).join('\n')).map(({ page_id }) => page_id)).toEqual(['7', '8']);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, signal: null });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** What was printed is printed a moment before the folder is free. */
async function waitUntilFree(url: string): Promise<void> {
  for (;;) {
    const { code } = await ask(['migrate', 'status'], { DATABASE_URL: url });
    if (code === 0) return;
    expect(code).toBe(75);
  }
}
