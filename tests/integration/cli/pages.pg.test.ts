import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { record } from '../../contract/page-store-values.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';
import { ask, loadInto, parsedLines } from './asking.ts';

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));

async function onPglite(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'confluence-sync-asking-'));
  return { url: `pglite:${folder}/mirror`, drop: () => rm(folder, { recursive: true, force: true }) };
}

describe.each([
  ['PostgreSQL', createTestDatabase],
  ['PGlite', onPglite],
])('on %s', (_name, open) => {
  let database: TestDatabase;
  const run = (...args: readonly string[]) => ask(args, { DATABASE_URL: database.url });
  const idsOf = async (...args: readonly string[]) =>
    parsedLines((await run('pages', '--json', ...args)).stdout).map(({ id }) => id);

  beforeAll(async () => {
    database = await open();
    const records = [
      record('9', { spaceKey: 'HR', title: 'On-call plan', lastUpdated: day(3), version: 3 }),
      record('10', { spaceKey: 'HR', title: 'Roadmap', lastUpdated: day(2), version: 4 }),
      record('8', {
        spaceKey: '~jo',
        title: 'On-call \u001b[31mnotes',
        lastUpdated: day(1),
        status: 'archived',
      }),
      record('11', { spaceKey: '~jo', title: 'Gone', lastUpdated: day(1) }),
    ];
    const space = { key: 'HR', name: 'People', status: 'current', watermark: day(3), listed: true } as const;
    await loadInto(
      database.url,
      { records, space },
      { deletions: [{ id: '11', status: 'trashed', reason: 'trashed' }] },
    );
  });
  afterAll(async () => {
    await database.drop();
  });

  test('pages that are not gone, as a table in the order of space and id', async () => {
    const { code, stdout, stderr } = await run('pages');

    const lines = stdout.trimEnd().split('\n');
    expect([code, stderr]).toEqual([0, '']);
    expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual(['page', '9', '10', '8']);
    expect(stdout).not.toContain('\u001b');
  });

  test('a page as JSON has the columns of the table, and its times in UTC', async () => {
    const [page] = parsedLines((await run('pages', '10', '--json')).stdout);

    expect(page).toMatchObject({ id: '10', space_key: 'HR', version: 4, parent_id: null, deleted_at: null });
    expect(page?.['last_updated']).toBe('2026-01-02T00:00:00.000Z');
  });

  const questions: readonly [readonly string[], readonly string[]][] = [
    [
      ['8', '11'],
      ['8', '11'],
    ],
    [
      ['--space', 'hr'],
      ['9', '10'],
    ],
    [
      ['--space', 'HR', '--space', '~*'],
      ['9', '10', '8'],
    ],
    [
      ['--title', 'on-call*'],
      ['9', '8'],
    ],
    [['--status', 'archived'], ['8']],
    [['--status', 'trashed'], ['11']],
    [['--deleted'], ['11']],
    [
      ['--updated-since', '2026-01-02'],
      ['10', '9'],
    ],
    [
      ['--updated-since', '2026-01-01T01:00:00+01:00', '--updated-before', '2026-01-03'],
      ['8', '10'],
    ],
    [['--space', 'NONE'], []],
  ];
  test.each(questions)('pages %j', async (args, ids) => {
    expect(await idsOf(...args)).toEqual(ids);
  });

  test.each([[[]], [['--updated-since', '2025-01-01']]])(
    'pages %j, one at a time with the cursor that each answer tells, are all pages',
    async (args) => {
      const seen: unknown[] = [];
      for (let after: string | undefined, more = true; more;) {
        const place = after === undefined ? [] : ['--after', after];
        const { stdout, stderr } = await run('pages', '--json', '--limit', '1', ...args, ...place);
        seen.push(...parsedLines(stdout).map(({ id }) => id));
        after = /add --after '(.+)'/.exec(stderr)?.[1];
        more = after !== undefined;
      }

      expect(seen).toEqual(await idsOf(...args));
      expect(seen).toHaveLength(3);
    },
  );

  test('ids and spaces that are not there are named', async () => {
    expect((await run('pages', '9', '4711')).stderr).toBe('not found: 4711\n');
    expect((await run('pages', '--space', 'NONE')).stderr).toContain('NONE');
  });

  test('the number of pages alone', async () => {
    expect((await run('pages', '--count')).stdout).toBe('3\n');
    expect((await run('pages', '--count', '--json', '--space', 'HR')).stdout).toBe('{"pages":2}\n');
  });

  test('spaces with their counts, mean version and freshness', async () => {
    const spaces = parsedLines((await run('spaces', '--json')).stdout);

    const counts = { pages: 2, deleted: 0, mean_version: 3.5 };
    expect(spaces[0]).toMatchObject({ key: 'HR', name: 'People', status: 'current', ...counts, held: null });
    expect(spaces[0]).toMatchObject({ watermark: '2026-01-03T00:00:00.000Z' });
    expect(spaces[0]?.['last_listed_at']).toMatch(/Z$/);
    expect(spaces[1]).toMatchObject({ key: '~jo', pages: 1, deleted: 1, mean_version: 1 });
    expect(parsedLines((await run('spaces', '--json', '--min-pages', '2')).stdout)).toHaveLength(1);
    expect((await run('spaces')).stdout).toMatch(/^space .*\nHR +2 +0 +3\.5 /);
  });
});

const wrong: readonly (readonly string[])[] = [
  ['--updated-since', 'yesterday'],
  ['--updated-since', '2026-02-30'],
  ['--updated-before', '2026-01-01T10:00:00'],
  ['--after', 'nonsense'],
  ['--after', '2026-01-01T00:00:00.000Z/9'],
  ['--updated-since', '2026-01-01', '--after', 'HR/9'],
  ['--limit', '0'],
  ['--limit', 'many'],
  ['--status', 'asleep'],
];
test.each(wrong)('pages %s %s is wrong usage', async (...args) => {
  const { code, stdout, stderr } = await ask(['pages', ...args], {});

  expect([code, stdout]).toEqual([64, '']);
  expect(stderr).toContain(args.at(-2));
});
