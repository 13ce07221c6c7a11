import { afterEach, expect, test } from '@jest/globals';
import type { SiteRoutes } from '../../support/scripted-site.ts';
import { cloudList, cloudRow, cloudSite, hr } from './cloud-site.ts';
import { dataCenter, eng, offsetList, scanList, serverRow } from './data-center-site.ts';
import { killingCloud } from './killing-site.ts';
import { readListing } from './read-listing.ts';
import { never, startSource, stopSources } from './start-source.ts';

afterEach(stopSources);

const pagesPath = '/wiki/api/v2/spaces/98308/pages';
const spacePath = '/rest/api/space';
const heads = { bodies: false };
const dense = Array.from({ length: 900 }, (_, index) => 1000 + index);
const refused = (status: number) => ({
  status,
  json: { errors: [{ status, code: 'INVALID', title: 'no' }] },
});

const startServer = (routes: SiteRoutes, rows: readonly Record<string, unknown>[] = []) =>
  startSource(dataCenter('', rows, routes), { deployment: 'datacenter' });

test('a cursor that Confluence takes back no more has the walk begin again, once', async () => {
  const well = killingCloud(dense, { ids: new Set() });
  const { source, site } = await startSource({
    ...well,
    [pagesPath]: (request) =>
      request.nth === 2 ? refused(400) : (well[pagesPath]?.(request) ?? cloudList([])),
  });

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.ids).toEqual(dense.map(String));
  expect(listing.end).toEqual({ kind: 'end', complete: true });
  expect(site.to(pagesPath)).toHaveLength(3 + 4);
});

test('a scan’s cursor that is taken back no more has the scan begin again, once', async () => {
  const rows = dense.map((id) => serverRow(id));
  let refusals = 0;
  const { source } = await startServer(
    {
      '/rest/api/content/scan': (request) => {
        if (request.query.has('status')) return scanList([], request);
        const isOutdated = request.query.get('cursor')?.endsWith(':1399') === true && refusals++ === 0;
        return isOutdated ? refused(400) : scanList(rows, request);
      },
    },
    rows,
  );

  const listing = await readListing(source.listPages(eng, heads, never));

  expect(refusals).toBe(2);
  expect(listing.ids).toEqual(dense.map(String));
  expect(listing.end).toEqual({ kind: 'end', complete: true });
});

test('cursors that are never taken back end the listing as incomplete, soon', async () => {
  const well = killingCloud(dense, { ids: new Set() });
  const { source, site } = await startSource({
    ...well,
    [pagesPath]: (request) =>
      request.query.has('cursor') ? refused(400) : (well[pagesPath]?.(request) ?? cloudList([])),
  });

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.end).toMatchObject({ complete: false });
  expect(site.to(pagesPath).length).toBeLessThan(10);
});

test('a next link behind the last page that leads to a 404 hides no end', async () => {
  const well = killingCloud(dense, { ids: new Set() });
  const { source } = await startSource({
    ...well,
    [pagesPath]: (request) => {
      if (request.query.get('cursor') === 'none') return refused(404);
      const answer = well[pagesPath]?.(request) ?? cloudList([]);
      const list = ('json' in answer ? answer.json : {}) as { results: unknown[]; _links: { next?: string } };
      return list._links.next === undefined ? cloudList(list.results, 'none') : answer;
    },
  });

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.ids).toEqual(dense.map(String));
  expect(listing.end).toEqual({ kind: 'end', complete: true });
});

test('a space that goes away in the middle of its list leaves it incomplete', async () => {
  const well = killingCloud(dense, { ids: new Set() });
  const { source } = await startSource({
    ...well,
    [pagesPath]: (request) =>
      request.nth < 2 ? (well[pagesPath]?.(request) ?? cloudList([])) : refused(404),
  });

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.ids).toHaveLength(500);
  expect(listing.end).toMatchObject({ complete: false });
});

test.each([null, 'row', 7, [], {}])('a row that is %p costs no other its place', async (row) => {
  const { source } = await startSource(
    cloudSite({ [pagesPath]: () => cloudList([cloudRow(1), row, cloudRow(3)]) }),
  );

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.ids).toEqual(['1', '3']);
  expect(listing.end).toMatchObject({ complete: false, readOn: true });
});

test('a list of nothing but rows that are none was not read on', async () => {
  const { source } = await startSource(cloudSite({ [pagesPath]: () => cloudList([null, {}, 'x']) }));

  const { end } = await readListing(source.listPages(hr, heads, never));

  expect(end).toMatchObject({ complete: false });
  expect(end).not.toHaveProperty('readOn');
});

test.each(['a row that is none', 'a missing row'])(
  'of changes, %s ends the list right there',
  async (what) => {
    const gap = what === 'a missing row' ? {} : null;
    const { source } = await startSource(
      cloudSite({ '/wiki/api/v2/pages': () => cloudList([cloudRow(3), gap, cloudRow(1)]) }),
    );

    const listing = await readListing(source.listChanges([hr], never));

    expect(listing.ids).toEqual(['3']);
    expect(listing.end).toMatchObject({ complete: false });
  },
);

const manySpaces = Array.from({ length: 600 }, (_, index) => ({ ...eng, id: index + 1, key: `S${index}` }));

test.each([1, 25, 200, 450])('%d spaces in one answer that says its size cost one request', async (count) => {
  const { source, site } = await startServer({
    [spacePath]: (request) => offsetList(manySpaces.slice(0, count), request, 500),
  });

  const listing = await source.listSpaces(never);

  expect(listing.spaces).toHaveLength(count);
  expect(site.to(spacePath)).toHaveLength(1);
});

test.each([25, 100, 200, 500])('a silent cap of %d hides no space', async (cap) => {
  for (const more of [
    {},
    { limit: cap, size: cap },
    { limit: String(cap), size: cap },
    { limit: cap, size: 7 },
    { limit: 500, size: cap + 1 },
    { limit: 'many' },
  ]) {
    const { source } = await startServer({
      [spacePath]: ({ query }) => {
        const start = Number(query.get('start'));
        const results = manySpaces.slice(start, start + Math.min(cap, Number(query.get('limit'))));
        return { json: { results, ...more, _links: {} } };
      },
    });

    const { spaces, complete } = await source.listSpaces(never);

    expect({ more, spaces: spaces.length, complete }).toEqual({ more, spaces: 600, complete: true });
  }
});

test('rows past the end of the list of spaces are its end', async () => {
  const { source, site } = await startServer({
    [spacePath]: () => ({
      json: {
        results: manySpaces.slice(0, 25),
        limit: 25,
        size: 25,
        _links: { next: '/rest/api/space?start=25' },
      },
    }),
  });

  const { spaces, complete } = await source.listSpaces(never);

  expect({ spaces: spaces.length, complete }).toEqual({ spaces: 25, complete: true });
  expect(site.to(spacePath)).toHaveLength(2);
});

test('a scan whose cursor stays after its end ends', async () => {
  const rows = dense.slice(0, 250).map((id) => serverRow(id));
  const { source, site } = await startServer(
    {
      '/rest/api/content/scan': (request) => {
        const answer = scanList(request.query.has('status') ? [] : rows, request);
        const list = ('json' in answer ? answer.json : {}) as { results: { id: string }[] };
        return { json: { nextCursor: `content:false:${list.results.at(-1)?.id ?? '1249'}`, ...list } };
      },
    },
    rows,
  );

  const listing = await readListing(source.listPages(eng, heads, never));

  expect(listing.ids).toHaveLength(250);
  expect(listing.end?.complete).toBe(true);
  expect(site.requests.length).toBeLessThan(8);
});
