import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { failure } from '../../contract/page-store-values.ts';
import { query } from '../../support/mirror.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';
import { ask, loadInto } from './asking.ts';

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
  await loadInto(database.url, { failures: ['9', '10', '11'].map((id) => failure(id)) });
});
afterEach(async () => {
  await database.drop();
});

const run = (...args: readonly string[]) => ask(['failures', ...args], { DATABASE_URL: database.url });
const due = () =>
  query<{ page_id: string; due: boolean }>(
    database.url,
    'select page_id, next_retry_at <= now() as due from confluence_sync_failures order by length(page_id), page_id',
  );

describe('failures retry', () => {
  test('makes the named pages due and no others', async () => {
    const { code, stdout, stderr } = await run('retry', '10', '4711');

    expect(await due()).toEqual([
      { page_id: '9', due: false },
      { page_id: '10', due: true },
      { page_id: '11', due: false },
    ]);
    expect([code, stdout]).toEqual([0, 'page 10 is tried again by the next run\n']);
    expect(stderr).toBe('not in quarantine: 4711\n');
  });

  test('without ids makes all of them due', async () => {
    const { code, stdout } = await run('retry', '--json');

    expect([code, JSON.parse(stdout)]).toEqual([0, { retried: ['9', '10', '11'], unknown: [] }]);
    expect((await due()).every((row) => row.due)).toBe(true);
  });
});

describe('failures forget', () => {
  test('takes the named pages out of quarantine and no others', async () => {
    const { code, stdout } = await run('forget', '9', '11');

    expect((await due()).map(({ page_id }) => page_id)).toEqual(['10']);
    expect([code, stdout]).toEqual([
      0,
      'page 9 is no longer in quarantine\npage 11 is no longer in quarantine\n',
    ]);
  });

  test('without an id is wrong usage, and forgets nothing', async () => {
    expect((await run('forget')).code).toBe(64);
    expect(await due()).toHaveLength(3);
  });
});

test.each(['retry', 'forget'])('failures %s of unknown ids alone is wrong usage', async (command) => {
  const { code, stderr } = await run(command, '4711', '4712');

  expect([code, stderr]).toEqual([64, 'not in quarantine: 4711, 4712\n']);
});
