import { afterEach, describe, expect, test } from '@jest/globals';
import { ConfluenceUnavailable } from '../../../src/sync/errors.ts';
import type { StoredBetween } from '../../../src/sync/source.ts';
import type { SiteAnswer, SiteRoutes } from '../../support/scripted-site.ts';
import { cloudList, hr } from './cloud-site.ts';
import { eng } from './data-center-site.ts';
import { killingCloud, killingServer, type Killers } from './killing-site.ts';
import { readListing, type ReadListing } from './read-listing.ts';
import { never, startSource, stopSources, type Started } from './start-source.ts';

afterEach(stopSources);

const count = 600;
const dense = Array.from({ length: count }, (_, index) => 1000 + index);
const sparse = Array.from({ length: count }, (_, index) => 1000 + index * 20_000);
const server = { deployment: 'datacenter' } as const;
const kill = (...ids: number[]): Killers => ({ ids: new Set(ids) });

type List = (options?: { bodies?: boolean; stored?: StoredBetween }) => Promise<ReadListing>;
type Listed = Started & { list: List };

async function cloud(ids: readonly number[], killers: Killers, routes: SiteRoutes = {}): Promise<Listed> {
  const started = await startSource(killingCloud(ids, killers, routes), { timeoutMs: 300 });
  return listed(started, (options) => readListing(started.source.listPages(hr, options, never)));
}

async function dataCenter(
  ids: readonly number[],
  killers: Killers,
  order?: (left: number, right: number) => number,
  routes: SiteRoutes = {},
): Promise<Listed> {
  const started = await startSource(killingServer(ids, killers, routes, order), {
    ...server,
    timeoutMs: 300,
  });
  return listed(started, (options) => readListing(started.source.listPages(eng, options, never)));
}

function listed(
  started: Started,
  read: (options: { bodies: boolean; stored?: StoredBetween }) => Promise<ReadListing>,
): Listed {
  return { ...started, list: (options = {}) => read({ bodies: false, ...options }) };
}

/** Knows these ids as stored. */
const storing = (ids: readonly number[]): StoredBetween =>
  async function* (after, before) {
    const inside = (id: number) =>
      (after === null || id > Number(after)) && (before === null || id < Number(before));
    yield await Promise.resolve(ids.filter(inside).map(String));
  };

const failedIds = ({ pages }: ReadListing) =>
  pages.flatMap((page) => (page.kind === 'failure' ? [Number(page.id)] : []));
const hangs = (): SiteAnswer => () => undefined;

describe.each([
  ['Cloud', cloud],
  ['Data Center', dataCenter],
])('%s', (_, start) => {
  test.each([
    ['in the middle', [1300]],
    ['first', [1000]],
    ['last', [1599]],
    ['two neighbours', [1250, 1251]],
    ['several', [1003, 1250, 1500]],
  ])(
    'a row that makes its list fail, %s, is found by its id and costs no other its place',
    async (_, ids) => {
      const { list } = await start(dense, kill(...ids));

      const listing = await list();

      expect(listing.ids.toSorted()).toEqual(dense.map(String).toSorted());
      expect(failedIds(listing)).toEqual(ids);
      expect(listing.pages).toContainEqual(
        expect.objectContaining({ kind: 'failure', stage: 'parse', code: 'listing_failed' }),
      );
    },
  );

  test('a list in which every id was asked for is complete', async () => {
    const { list } = await start(dense, kill(1300));

    const listing = await list();

    expect(listing.end).toEqual({ kind: 'end', complete: true });
    expect(listing.ids).toEqual(dense.map(String));
  });

  test('a row on which only lists fail is listed', async () => {
    const { list } = await start(dense, { ...kill(1300), aloneWell: true });

    const listing = await list();

    expect(failedIds(listing)).toEqual([]);
    expect(listing.ids).toEqual(dense.map(String));
  });

  test('with bodies too', async () => {
    const { list } = await start(dense, kill(1040));

    const listing = await list({ bodies: true });

    expect(failedIds(listing)).toEqual([1040]);
    expect(listing.ids).toEqual(dense.map(String));
  });

  test('where ids stand far apart, what is stored tells which page it is', async () => {
    const bad = sparse[300] ?? 0;
    const { list } = await start(sparse, kill(bad));

    const listing = await list({ stored: storing(sparse) });

    expect(failedIds(listing)).toEqual([bad]);
    expect(listing.ids.toSorted()).toEqual(sparse.map(String).toSorted());
  });

  test('where nothing tells which page it is, the listing is incomplete and read on', async () => {
    const bad = sparse[300] ?? 0;
    const { list } = await start(sparse, kill(bad));

    const listing = await list();

    expect(listing.ids.toSorted()).toEqual(
      sparse
        .filter((id) => id !== bad)
        .map(String)
        .toSorted(),
    );
    expect(listing.end).toMatchObject({ complete: false, readOn: true });
  });

  test('a row that hangs its list is stepped over in a bounded number of time-outs', async () => {
    const { list, site } = await start(dense, { ...kill(1300), answer: hangs });

    const listing = await list();

    expect(failedIds(listing)).toEqual([1300]);
    expect(listing.ids).toEqual(dense.map(String));
    expect(site.requests.length).toBeLessThan(120);
  }, 60_000);

  test('a row that makes its answer unreadable is stepped over', async () => {
    const { list } = await start(dense, { ...kill(1300), answer: () => ({ body: '{"results":[' }) });

    const listing = await list();

    expect(failedIds(listing)).toEqual([1300]);
    expect(listing.ids).toEqual(dense.map(String));
  });

  test('a space that fails at every row is incomplete, and soon', async () => {
    const { list, site } = await start(dense, kill(...dense));

    const listing = await list();

    expect(listing.ids).toEqual([]);
    expect(listing.end).toMatchObject({ complete: false });
    expect(listing.end).not.toHaveProperty('readOn');
    expect(site.requests.length).toBeLessThan(100);
  });

  test('when space after space fails at every row, it is Confluence that fails', async () => {
    const { list } = await start(dense, kill(...dense));
    await list();
    await list();

    await expect(list()).rejects.toBeInstanceOf(ConfluenceUnavailable);
  });

  test('a bad row costs few requests and little waiting', async () => {
    const { list, site, clock } = await start(dense, kill(1300));

    await list();

    expect(site.requests.length).toBeLessThan(110);
    expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(90_000);
  });
});

test('first and last rows that fail leave nothing to read on Cloud, and that is said', async () => {
  const { list } = await cloud(dense, kill(1000, 1599));

  const { end } = await list({ stored: storing(dense) });

  expect(end).toMatchObject({ complete: false, reason: expect.stringContaining('HR') });
});

test('with rows that fail at both ends of a gap, the stored pages in between are listed', async () => {
  const [first, second] = [sparse[100] ?? 0, sparse[400] ?? 0];
  const { list } = await cloud(sparse, kill(first, second));

  const listing = await list({ stored: storing(sparse) });

  expect(failedIds(listing)).toEqual([first, second]);
  expect(listing.ids.toSorted()).toEqual(sparse.map(String).toSorted());
});

test('a server that fails for a while only gives the whole list from its other end', async () => {
  const site = killingCloud(dense, kill());
  const pages = site['/wiki/api/v2/spaces/98308/pages'];
  const { list } = await cloud(dense, kill(), {
    '/wiki/api/v2/spaces/98308/pages': (request) =>
      request.query.get('sort') === 'id' && request.query.has('cursor')
        ? { status: 500, json: {} }
        : (pages?.(request) ?? cloudList([])),
  });

  const listing = await list();

  expect(listing.ids).toEqual(dense.map(String));
  expect(listing.end).toEqual({ kind: 'end', complete: true });
});

test('a plain list in no order tells its bad rows by what is stored', async () => {
  const shuffled = (left: number, right: number) => (left % 7) - (right % 7) || right - left;
  const { list } = await dataCenter(dense, kill(1300, 1555), shuffled, {
    '/rest/api/content/scan': () => ({ status: 404, json: {} }),
  });

  const listing = await list({ stored: storing(dense) });

  expect(failedIds(listing)).toEqual([1300, 1555]);
  expect(listing.ids).toEqual(dense.map(String));
});

test('two bad rows do not leave a long list at one row a request', async () => {
  const long = Array.from({ length: 4000 }, (_, index) => 1000 + index);
  const { list, site } = await dataCenter(long, kill(1100, 1700), undefined, {
    '/rest/api/content/scan': () => ({ status: 404, json: {} }),
  });

  await list();

  expect(site.to('/rest/api/content').length).toBeLessThan(250);
});

test('two bad bodies do not leave a long list at one row a request', async () => {
  const long = Array.from({ length: 4000 }, (_, index) => 1000 + index);
  const bad = new Set([1100, 1700]);
  const site = killingCloud(long, kill());
  const pagesPath = '/wiki/api/v2/spaces/98308/pages';
  const { list, site: asked } = await cloud(long, kill(), {
    [pagesPath]: (request) => {
      const answer = site[pagesPath]?.(request) ?? cloudList([]);
      const rows = 'json' in answer ? (answer.json as { results: { id: string }[] }).results : [];
      const isKilled = request.query.has('body-format') && rows.some(({ id }) => bad.has(Number(id)));
      return isKilled ? { status: 500, json: {} } : answer;
    },
  });

  const listing = await list({ bodies: true });

  expect(listing.ids).toHaveLength(4000);
  expect(asked.to(pagesPath).length).toBeLessThan(130);
});

describe('a list of spaces', () => {
  const spaces = Array.from({ length: 30 }, (_, index) => ({
    id: String(500 + index),
    key: `S${index}`,
    name: `Space ${index}`,
    status: 'current',
  }));
  const bad = 'S12';
  const guarded = (shown: readonly { key: string }[], more: object): SiteAnswer =>
    shown.some(({ key }) => key === bad)
      ? { status: 500, json: {} }
      : { json: { results: shown, _links: more } };

  test('on Cloud is read from both ends around a bad row', async () => {
    const { source } = await cloud([], kill(), {
      '/wiki/api/v2/spaces': ({ query }) => {
        const ordered = query.get('sort') === '-id' ? spaces.toReversed() : spaces;
        const from = Number(query.get('cursor') ?? '0');
        const shown = ordered.slice(from, from + Number(query.get('limit')));
        const next = from + shown.length;
        return guarded(shown, next < 30 ? { next: `/wiki/api/v2/spaces?cursor=${next}` } : {});
      },
    });

    const listing = await source.listSpaces(never);

    expect(listing.spaces.map(({ key }) => key).toSorted()).toEqual(
      spaces
        .map(({ key }) => key)
        .filter((key) => key !== bad)
        .toSorted(),
    );
    expect(listing.complete).toBe(false);
  });

  test('on Data Center steps over a bad row', async () => {
    const { source } = await dataCenter([], kill(), undefined, {
      '/rest/api/space': ({ query }) => {
        const from = Number(query.get('start') ?? '0');
        const shown = spaces.slice(from, from + Number(query.get('limit')));
        return guarded(shown, from + shown.length < 30 ? { next: '/rest/api/space?start=1' } : {});
      },
    });

    const listing = await source.listSpaces(never);

    expect(listing.spaces).toHaveLength(29);
    expect(listing.complete).toBe(false);
  });
});
