import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import type { Deployment, SampleSite } from '../../../src/sample-site/sample-site.ts';
import type { RunReport } from '../../../src/sync/report.ts';
import { query, truthOf } from '../../support/mirror.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';
import { realClock } from '../../support/test-clock.ts';
import { ask } from './asking.ts';

describe.each<Deployment>(['cloud', 'datacenter'])('CONFLUENCE_ROOT_PAGES on %s', (deployment) => {
  let site: SampleSite;
  let database: TestDatabase;
  let environment: Record<string, string>;
  let root: string;

  beforeEach(async () => {
    database = await createTestDatabase({ empty: true });
    site = createSampleSite({ deployment, pages: 200, spaces: 2, clock: realClock });
    const { url } = await site.listen(0);
    root = truthOf(site)[2]?.id ?? '';
    environment = {
      ...{ CONFLUENCE_BASE_URL: url, CONFLUENCE_ACCESS_TOKEN: 'tests-token', CONFLUENCE_ROOT_PAGES: root },
      ...{ DATABASE_URL: database.url, DELETE_MIN_PAGES: '5' },
    };
  });
  afterEach(async () => {
    await site.close();
    await database.drop();
  });

  const sync = async (...args: string[]) => {
    const { code, stdout, stderr } = await ask(['sync', '--json', ...args], environment);
    return { code, stderr, report: JSON.parse(stdout) as RunReport };
  };
  const live = async () =>
    (
      await query<{ id: string }>(
        database.url,
        'select id from confluence_pages where deleted_at is null order by length(id), id',
      )
    ).map(({ id }) => id);

  test('mirrors the subtree, is held where it would narrow a mirror much, and lets go when told', async () => {
    delete environment['CONFLUENCE_ROOT_PAGES'];
    await sync();
    expect(await live()).toHaveLength(200);

    environment['CONFLUENCE_ROOT_PAGES'] = root;
    const held = await sync('--mode', 'full');
    expect(held.code).toBe(65);
    expect(await live()).toHaveLength(200);

    const accepted = await sync('--accept-deletes');
    const below = await live();
    expect(accepted.code).toBe(0);
    expect(below).toContain(root);
    expect(below.length).toBeLessThan(100);
    expect(accepted.report.counts.deleted).toBe(200 - below.length);
    const reasons = await query(
      database.url,
      'select distinct deleted_reason from confluence_pages where deleted_at is not null',
    );
    expect(reasons).toEqual([{ deleted_reason: 'out_of_scope' }]);

    await query(database.url, 'truncate confluence_pages, confluence_sync_spaces cascade');
    const anew = await sync('--mode', 'full');
    expect(anew.code).toBe(0);
    expect(await live()).toEqual(below);
  });

  test('a root page that is not visible is named by sync and check', async () => {
    environment['CONFLUENCE_ROOT_PAGES'] = '424242';

    const { code, stderr } = await sync();
    const checked = await ask(['check'], environment);

    expect(code).toBe(78);
    expect(stderr).toContain('root page 424242 is wanted, but it does not exist');
    expect(checked.code).toBe(78);
    expect(checked.stdout).toMatch(/^FAIL +root pages +.*424242 \(CONFLUENCE_ROOT_PAGES\)/m);
  });

  test.each(['', 'home', '12,x', '0', ','])('%j is either unset or refused by name', async (ids) => {
    environment['CONFLUENCE_ROOT_PAGES'] = ids;

    const { code, stderr } = await ask(['check'], environment);

    if (ids === '') expect(code).toBe(0);
    else expect(code).toBe(78);
    expect(stderr).not.toContain('home');
  });
});
