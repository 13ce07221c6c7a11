import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import type { SampleSite } from '../../../src/sample-site/sample-site.ts';
import type { PageCounts, RunReport } from '../../../src/sync/report.ts';
import { query, truthOf } from '../../support/mirror.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';
import { runCli, startCli } from '../../support/run-cli.ts';
import { realClock } from '../../support/test-clock.ts';

let site: SampleSite;
let database: TestDatabase;
let environment: Record<string, string>;

beforeAll(async () => {
  site = createSampleSite({
    deployment: 'datacenter',
    contextPath: '/confluence',
    pages: 400,
    spaces: 4,
    clock: realClock,
  });
  environment = { CONFLUENCE_BASE_URL: (await site.listen(0)).url, CONFLUENCE_ACCESS_TOKEN: 'tests-token' };
});
afterAll(() => site.close());
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  environment['DATABASE_URL'] = database.url;
});
afterEach(() => database.drop());

const run = (...args: string[]) => runCli(args, environment);
const tables = () =>
  query<{ name: string }>(
    database.url,
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );

function addsUp({ listed, unchanged, created, updated, moved, restored, failed }: PageCounts): boolean {
  return listed === unchanged + created + updated + moved + restored + failed;
}

describe('sync', () => {
  test('prints its report as one line of JSON, whose counts add up', async () => {
    const { code, stdout } = await run('sync', '--json');
    const report = JSON.parse(stdout) as RunReport;

    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(report).toMatchObject({
      mode: 'full',
      trigger: 'cli',
      outcome: 'succeeded',
      counts: { listed: 400, created: 400 },
    });
    expect([report.counts, ...report.spaces.map((space) => space.counts)].every(addsUp)).toBe(true);
    expect(report.api.requests).toBeGreaterThan(0);
  });

  test('a dry run on an empty database says what would come, and does not even make tables', async () => {
    const { code, stdout } = await run('sync', '--dry-run');

    expect(code).toBe(0);
    expect(stdout.match(/^would be created/gm)).toHaveLength(400);
    expect(await tables()).toEqual([]);
  });

  test('a dry run over a mirror names exactly what would change', async () => {
    await run('sync');
    const pages = truthOf(site).filter((page) => page.status === 'current');
    const parents = new Set(pages.map((page) => page.parentId));
    const [edited, gone] = pages.filter((page) => !parents.has(page.id)).slice(50);
    if (!edited || !gone) throw new Error('too few pages');
    site.edit.edit(edited.id);
    site.edit.purge(gone.id);
    const before = await query(database.url, 'select * from confluence_pages order by id');

    const { stdout } = await run('sync', '--dry-run', '--mode', 'full');

    const told = stdout.match(/^would be (\w+) +(\d+)/gm)?.map((line) => line.replace(/ +/g, ' '));
    expect(told?.sort()).toEqual([`would be deleted ${gone.id}`, `would be updated ${edited.id}`]);
    expect(await query(database.url, 'select * from confluence_pages order by id')).toEqual(before);
  });

  test('--accept-deletes lists every page by itself, and does not go with incremental', async () => {
    await run('sync');

    const accepting = JSON.parse((await run('sync', '--accept-deletes', '--json')).stdout) as RunReport;
    const refused = await run('sync', '--accept-deletes', '--mode', 'incremental');

    expect(accepting.mode).toBe('full');
    expect(refused.code).toBe(64);
  });

  test('with --strict a page in quarantine ends it with 3', async () => {
    const page = truthOf(site).find(({ status }) => status === 'current');
    site.edit.poison(page?.id ?? '', 'bad_date');
    try {
      expect([(await run('sync', '--strict')).code, (await run('sync')).code]).toEqual([3, 0]);
      expect((await run('failures', 'list')).stdout).toContain('bad_date');
    } finally {
      site.edit.heal(page?.id ?? '');
    }
  });

  test('who comes second is told so with 75', async () => {
    await run('migrate');
    site.faults.add('slow_answer:delay_ms=1500');
    try {
      const first = startCli(['sync'], environment);
      await untilLeased();
      const second = await run('sync');
      await first.ended;

      expect(second.code).toBe(75);
      expect(second.stderr).toMatch(/another worker/);
    } finally {
      site.faults.clear();
    }
  });

  test('a database that mirrors another site is refused with 78', async () => {
    await run('sync');
    const other = createSampleSite({ deployment: 'cloud', pages: 5, clock: realClock });
    try {
      const { code, stderr } = await runCli(['sync'], {
        ...environment,
        CONFLUENCE_BASE_URL: (await other.listen(0)).url,
      });

      expect(code).toBe(78);
      expect(stderr).toMatch(/mirrors http/);
    } finally {
      await other.close();
    }
  });
});

async function untilLeased(): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const [state] = await query<{ lease_holder: string | null }>(
      database.url,
      'select lease_holder from confluence_sync_state',
    );
    if (state?.lease_holder != null) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('nobody took the lease');
}

describe('check', () => {
  test('proves everything, a line each, and changes nothing', async () => {
    const { code, stdout } = await run('check');

    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok +confluence +Data Center at http/m);
    expect(stdout).toMatch(/^ok +credentials +signed in as/m);
    expect(stdout).toMatch(/^ok +spaces +4 visible, 4 wanted/m);
    expect(stdout).toMatch(/^ok +database /m);
    expect(await tables()).toEqual([]);
  });

  test('names what fails and goes on with what does not depend on it', async () => {
    const { code, stdout } = await runCli(['check', '--json'], {
      ...environment,
      CONFLUENCE_BASE_URL: 'http://127.0.0.1:9',
    });
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { check: string; ok: boolean }[] };

    expect([code, ok]).toEqual([69, false]);
    expect(checks.filter((one) => !one.ok).map((one) => one.check)).toEqual(['confluence']);
    expect(checks.at(-1)).toMatchObject({ check: 'database', ok: true });
  });
});

test('check, a dry run and a sync all refuse the database of another site', async () => {
  await run('migrate');
  await query(
    database.url,
    "update confluence_sync_state set deployment = 'cloud', base_url = 'https://other.example.com/wiki'",
  );

  const codes = [];
  for (const args of [['check'], ['sync', '--dry-run'], ['sync']]) codes.push((await run(...args)).code);

  expect(codes).toEqual([78, 78, 78]);
});

test('check names the grant that a role lacks to make the tables', async () => {
  const role = `nobody_${Date.now()}`;
  await query(database.url, `create role ${role} login password 'test'`);
  const url = new URL(database.url);
  [url.username, url.password] = [role, 'test'];
  await query(database.url, 'revoke create on schema public from public');

  const { code, stdout } = await runCli(['check'], { ...environment, DATABASE_URL: url.href });

  expect(code).toBe(78);
  expect(stdout).toContain(`GRANT CREATE ON SCHEMA public TO ${role}`);
  await query(database.url, `drop role ${role}`);
});

test('migrate makes the tables, says where they are, and takes them away again', async () => {
  const before = await run('migrate', 'status');
  const up = await run('migrate');
  const made = await tables();
  const down = await run('migrate', 'down');

  expect([before.code, up.code, down.code]).toEqual([0, 0, 0]);
  expect(before.stdout).toMatch(/^pending /m);
  expect(up.stdout).not.toMatch(/^pending /m);
  expect(made.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['confluence_pages', 'confluence_sync_state']),
  );
  expect(down.stdout).toMatch(/^pending /m);
});

test('status tells an empty database from a mirror', async () => {
  const empty = await run('status');
  await run('sync');
  const { code, stdout } = await run('status', '--json');
  const status = JSON.parse(stdout) as {
    runs: { outcome: string }[];
    spaces: { key: string; live: number }[];
  };

  expect(empty.code).toBe(78);
  expect(empty.stderr).toContain('run confluence-sync sync');
  expect(code).toBe(0);
  expect(status.runs).toMatchObject([{ outcome: 'succeeded' }]);
  expect(status.spaces).toHaveLength(4);
});
