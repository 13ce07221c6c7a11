import { afterEach, describe, expect, test } from '@jest/globals';
import { ConfluenceUnavailable } from '../../../src/sync/errors.ts';
import type { SyncRequest } from '../../../src/sync/run.ts';
import { runSync, type SyncResult } from '../../../src/sync/run-sync.ts';
import { blindObserver, fullRequest } from '../../support/full-request.ts';
import { createMemoryMirror, type MemoryMirror } from '../../support/memory-mirror.ts';
import type { SiteRoutes } from '../../support/scripted-site.ts';
import { quietLog } from '../../support/test-clock.ts';
import { cloudList } from '../../unit/confluence/cloud-site.ts';
import { scanList, serverRow } from '../../unit/confluence/data-center-site.ts';
import { killingCloud, killingServer } from '../../unit/confluence/killing-site.ts';
import { startSource, stopSources, type Started } from '../../unit/confluence/start-source.ts';

afterEach(stopSources);

type Mirrored = Started &
  Readonly<{
    /** Pages that make every list fail that they are in; a test adds to them between runs. */
    killers: Set<number>;
    mirror: MemoryMirror;
    sync: (changes?: Partial<SyncRequest>) => Promise<SyncResult>;
    live: () => string[];
  }>;

async function mirrored(
  ids: readonly number[],
  deployment: 'cloud' | 'datacenter',
  routes: SiteRoutes = {},
): Promise<Mirrored> {
  const killers = new Set<number>();
  const killing = deployment === 'cloud' ? killingCloud : killingServer;
  const started = await startSource(killing(ids, { ids: killers }, routes), { deployment });
  const mirror = createMemoryMirror();
  const { source, clock } = started;
  const parts = { ...mirror, source, clock, log: quietLog, observer: blindObserver };
  return {
    ...started,
    killers,
    mirror,
    sync: (changes = {}) => runSync(parts, { ...fullRequest, ...changes }, new AbortController().signal),
    live: () => [...mirror.rows.values()].filter((row) => !row.deleted).map((row) => row.id),
  };
}

const dense = Array.from({ length: 120 }, (_, index) => 1000 + index);
const sparse = Array.from({ length: 120 }, (_, index) => 1000 + index * 20_000);
const texts = (ids: readonly number[]) => ids.map(String).toSorted();

describe.each(['cloud', 'datacenter'] as const)('%s', (deployment) => {
  test.each([1000, 1060, 1119])(
    'one page on which every list fails (%d) is in quarantine, and all others are stored',
    async (bad) => {
      const { killers, sync, live, mirror } = await mirrored(dense, deployment);
      killers.add(bad);

      const { error, report } = await sync();

      expect(error).toBeNull();
      expect(report).toMatchObject({ outcome: 'partial', counts: { created: 119, failed: 1 } });
      expect([...mirror.failures.keys()]).toEqual([String(bad)]);
      expect(live().toSorted()).toEqual(texts(dense.filter((id) => id !== bad)));
    },
  );

  test.each([
    ['close together', dense],
    ['far apart', sparse],
  ])('a stored page on which lists begin to fail stays, ids %s', async (_, ids) => {
    const { killers, sync, live, mirror } = await mirrored(ids, deployment);
    await sync();
    const bad = ids[60] ?? 0;
    killers.add(bad);

    const { error, report } = await sync();

    expect(error).toBeNull();
    expect(report.counts).toMatchObject({ unchanged: 119, failed: 1, deleted: 0 });
    expect([...mirror.failures.keys()]).toEqual([String(bad)]);
    expect(live()).toHaveLength(120);
  });

  test('a page that nothing names leaves the run partial, not failed', async () => {
    const { killers, sync, live } = await mirrored(sparse, deployment);
    killers.add(sparse[60] ?? 0);

    const { error, report } = await sync();

    expect(error).toBeNull();
    expect(report.outcome).toBe('partial');
    expect(report.spaces[0]?.reason).toContain('Confluence fails on');
    expect(live()).toHaveLength(119);
  });

  test('after it is healed the page arrives, and the listing is whole again', async () => {
    const { killers, sync, live, mirror } = await mirrored(sparse, deployment);
    killers.add(sparse[60] ?? 0);
    await sync();
    killers.clear();

    const { report } = await sync();

    expect(report.outcome).toBe('succeeded');
    expect(live()).toHaveLength(120);
    expect(mirror.failures.size).toBe(0);
  });

  test('a bad page among the changes has the space listed whole instead', async () => {
    const { killers, sync, live } = await mirrored(dense, deployment);
    await sync();
    killers.add(1119);

    const first = await sync({ mode: 'incremental' });
    const second = await sync({ mode: 'incremental' });

    for (const { error, report } of [first, second]) {
      expect(error).toBeNull();
      expect(report.counts).toMatchObject({ listed: 120, failed: 1, deleted: 0 });
      expect(report.notes.join()).toContain('listed whole instead');
    }
    expect(live()).toHaveLength(120);
  });

  test.each([500, 502, 503, 504])(
    'where the list of changes fails for good (HTTP %d), the spaces are listed whole',
    async (status) => {
      let isDown = false;
      const path = deployment === 'cloud' ? '/wiki/api/v2/pages' : '/rest/api/content/search';
      const well = deployment === 'cloud' ? killingCloud : killingServer;
      const { sync, site } = await mirrored(dense, deployment, {
        [path]: (request) =>
          isDown && (request.query.has('sort') || request.query.has('cql'))
            ? { status, json: {} }
            : (well(dense, { ids: new Set() })[path]?.(request) ?? cloudList([])),
      });
      await sync();
      isDown = true;
      const before = site.requests.length;

      const { error, report } = await sync({ mode: 'incremental' });

      expect(error).toBeNull();
      expect(report).toMatchObject({ outcome: 'succeeded', counts: { unchanged: 120 } });
      expect(site.requests.length - before).toBeLessThan(60);
    },
  );

  test('a site whose lists fail at every row is unavailable, soon', async () => {
    const { killers, sync, site, clock, live } = await mirrored(dense, deployment);
    await sync();
    for (const id of dense) killers.add(id);
    const [requests, sleeps] = [site.requests.length, clock.sleeps.length];

    const { error, report } = await sync();

    expect(error).toBeInstanceOf(ConfluenceUnavailable);
    expect(report.outcome).toBe('failed');
    expect(live()).toHaveLength(120);
    expect(site.requests.length - requests).toBeLessThan(130);
    expect(clock.sleeps.slice(sleeps).reduce((sum, ms) => sum + ms, 0)).toBeLessThan(90_000);
  });
});

test('a row that is nothing leaves its space incomplete and the run no failure', async () => {
  const { sync, live } = await mirrored(dense, 'datacenter', {
    '/rest/api/content/scan': (request) =>
      request.query.has('status')
        ? scanList([], request)
        : { json: { results: [null, ...dense.map((id) => serverRow(id)), 'x'], _links: {} } },
  });

  const { error, report } = await sync();

  expect(error).toBeNull();
  expect(report.outcome).toBe('partial');
  expect(live()).toHaveLength(120);
});

test('a Data Center without a scan has the report say that archived pages do not arrive', async () => {
  const { sync } = await mirrored(dense, 'datacenter', {
    '/rest/api/content/scan': () => ({ status: 404, json: {} }),
  });

  const { report } = await sync();

  expect(report).toMatchObject({ outcome: 'succeeded', counts: { created: 120 } });
  expect(report.notes.join()).toContain('archived pages');
});
