import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import type { SampleSite } from '../../../src/sample-site/sample-site.ts';
import type { RunReport } from '../../../src/sync/report.ts';
import { query, truthOf } from '../../support/mirror.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';
import { realClock } from '../../support/test-clock.ts';
import { ask } from './asking.ts';

type Check = { check: string; ok: boolean; detail: string; missing_scope?: string };

let site: SampleSite;
let database: TestDatabase;
let environment: Record<string, string>;
let root: string;

beforeAll(async () => {
  site = createSampleSite({ deployment: 'cloud', pages: 60, spaces: 2, clock: realClock });
  const { gatewayUrl } = await site.listen(0);
  root = truthOf(site)[0]?.id ?? '';
  environment = { CONFLUENCE_BASE_URL: gatewayUrl ?? '', CONFLUENCE_ACCESS_TOKEN: 'tests-token' };
});
afterAll(() => site.close());
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  environment['DATABASE_URL'] = database.url;
});
afterEach(async () => {
  site.faults.clear();
  await database.drop();
});

const lack = (scope: string) => site.faults.add(`missing_scope:scope=${scope}`);
const check = async () => {
  const { code, stdout } = await ask(['check', '--json'], { ...environment, CONFLUENCE_ROOT_PAGES: root });
  return { code, checks: (JSON.parse(stdout) as { checks: Check[] }).checks };
};

describe('check with a scoped token', () => {
  test('holds where the token has every scope', async () => {
    const { code, checks } = await check();

    expect(code).toBe(0);
    expect(checks.map((one) => one.check)).toEqual([
      ...['confluence settings', 'confluence', 'credentials', 'spaces', 'pages', 'bodies', 'root pages'],
      ...['ancestors', 'database settings', 'database'],
    ]);
  });

  test.each([
    // The space of a root page is asked for by its id.
    ['read:space:confluence', ['spaces', 'root pages']],
    ['read:page:confluence', ['pages', 'bodies', 'root pages']],
    ['read:content.metadata:confluence', ['ancestors']],
  ])('names %s where it is missing, and goes on', async (scope, lines) => {
    lack(scope);

    const { code, checks } = await check();
    const failed = checks.filter(({ ok }) => !ok);

    expect(code).toBe(77);
    expect(failed.map((one) => one.check)).toEqual(lines);
    for (const one of failed) {
      expect(one.missing_scope).toBe(scope);
      expect(one.detail).toContain(`the token lacks the scope ${scope}`);
    }
    expect(checks.at(-1)).toMatchObject({ check: 'database', ok: true });
  });

  test('names several missing scopes, a line each', async () => {
    lack('read:space:confluence+read:page:confluence+read:content.metadata:confluence');

    const { checks } = await check();

    expect(new Set(checks.flatMap((one) => one.missing_scope ?? []))).toEqual(
      new Set(['read:space:confluence', 'read:page:confluence', 'read:content.metadata:confluence']),
    );
  });

  test('says what a token is good for that may not tell who it is', async () => {
    lack('read:content-details:confluence');

    const { code, checks } = await check();

    expect(code).toBe(0);
    expect(checks.find((one) => one.check === 'credentials')?.detail).toMatch(
      /stores what changes and deletes nothing.*read:content-details:confluence/,
    );
  });
});

describe('sync with a scoped token', () => {
  test.each([
    ['read:space:confluence', 'listing the spaces'],
    ['read:page:confluence', 'listing the changed pages'],
  ])('ends with 77 and names %s', async (scope, what) => {
    lack(scope);

    const { code, stderr } = await ask(['sync'], environment);

    expect(code).toBe(77);
    expect(stderr).toContain(`${what} failed: the token lacks the scope ${scope}`);
  });

  test('that may not tell who it is stores what changes, and deletes nothing', async () => {
    await ask(['sync'], environment);
    const [first, gone] = truthOf(site).slice(-2);
    site.edit.edit(first?.id ?? '');
    site.edit.purge(gone?.id ?? '');
    lack('read:content-details:confluence');

    const { code, stdout } = await ask(['sync', '--mode', 'full', '--json'], environment);

    expect(code).toBe(65);
    const report = JSON.parse(stdout) as RunReport;
    expect(report.counts).toMatchObject({ updated: 1, deleted: 0 });
    expect(stdout).toContain('read:content-details:confluence');
    const deleted = await query(database.url, 'select id from confluence_pages where deleted_at is not null');
    expect(deleted).toEqual([]);
  });
});
