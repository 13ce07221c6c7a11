import { afterEach, expect, test } from '@jest/globals';
import { CredentialsRefused, WrongConfiguration } from '../../../src/sync/errors.ts';
import type { Space } from '../../../src/sync/page.ts';
import { bare404, cloudList, cloudRow, cloudSite, hr } from './cloud-site.ts';
import { dataCenter, eng, offsetList, serverRow } from './data-center-site.ts';
import { readListing } from './read-listing.ts';
import { never, startSource, stopSources } from './start-source.ts';

afterEach(stopSources);

const pagesPath = '/wiki/api/v2/pages';
const searchPath = '/confluence/rest/api/content/search';

/** A row that changed on that day of March. */
function changed(id: number, day: number, change: object = {}) {
  const createdAt = `2026-03-${String(day).padStart(2, '0')}T12:00:00.000Z`;
  return cloudRow(id, { version: { number: 1, createdAt }, ...change });
}

function changedThere(id: number, day: number, change: object = {}) {
  const when = `2026-03-${String(day).padStart(2, '0')}T12:00:00.000+10:00`;
  return serverRow(id, { version: { number: 1, when }, ...change });
}

function server(rows: readonly Record<string, unknown>[], settings = {}) {
  const routes = {
    '/rest/api/content/search': (request: Parameters<typeof offsetList>[1]) => offsetList(rows, request),
  };
  return startSource(
    dataCenter('/confluence', [], routes),
    { deployment: 'datacenter', ...settings },
    '/confluence',
  );
}

const spaces = (count: number): Space[] =>
  Array.from({ length: count }, (_, index) => ({ ...hr, id: String(98308 + index), key: `S${index}` }));

test('a site where nothing changed costs one request, and the question holds no date', async () => {
  const { source, site } = await startSource(
    cloudSite({ [pagesPath]: () => cloudList([changed(7, 9), changed(3, 8)], 'more') }),
  );
  await source.site(never);
  const before = site.requests.length;

  for await (const event of source.listChanges([hr], never)) {
    expect(event).toMatchObject({ kind: 'batch', pages: [{ id: '7', spaceKey: 'HR' }, { id: '3' }] });
    break;
  }

  expect(site.requests).toHaveLength(before + 1);
  const query = site.requests.at(-1)?.query;
  expect(query?.get('sort')).toBe('-modified-date');
  expect(query?.getAll('status')).toEqual(['current', 'archived']);
  expect(query?.get('space-id')).toBe('98308');
  expect(query?.has('body-format')).toBe(false);
});

test('a walk goes on by its cursor to the end and keeps its parameters', async () => {
  const { source, site } = await startSource(
    cloudSite({
      [pagesPath]: ({ nth }) => cloudList([changed(9 - nth, 9 - nth)], nth < 2 ? `c${nth}` : undefined),
    }),
  );

  const { ids, end } = await readListing(source.listChanges([hr], never));

  expect(ids).toEqual(['9', '8', '7']);
  expect(end?.complete).toBe(true);
  expect(site.to(pagesPath).map(({ query }) => query.get('cursor'))).toEqual([null, 'c0', 'c1']);
  expect(new Set(site.to(pagesPath).map(({ query }) => query.get('sort')))).toEqual(
    new Set(['-modified-date']),
  );
});

test('rows of other spaces come under no key of ours, and their spaces are not asked for', async () => {
  const rows = [changed(9, 9, { spaceId: '1' }), changed(8, 8), changed(7, 7, { spaceId: '2', title: null })];
  const { source, site } = await startSource(cloudSite({ [pagesPath]: () => cloudList(rows) }));

  const { pages, end } = await readListing(source.listChanges(spaces(1), never));

  const keys = pages.map((page) => (page.kind === 'page' ? page.head : page).spaceKey);
  expect(keys.sort()).toEqual(['', '', 'S0']);
  expect(end?.complete).toBe(true);
  expect(site.to('/wiki/api/v2/spaces')).toEqual([]);
});

test.each([
  [100, true],
  [101, false],
])('with %d spaces the filter is used: %p', async (count, used) => {
  const { source, site } = await startSource(cloudSite({ [pagesPath]: () => cloudList([changed(8, 8)]) }));
  const there = await server([]);

  await readListing(source.listChanges(spaces(count), never));
  await readListing(there.source.listChanges(spaces(count), never));

  expect(site.to(pagesPath)[0]?.query.has('space-id')).toBe(used);
  expect(there.site.to(searchPath)[0]?.query.get('cql')?.includes('space in')).toBe(used);
});

test('pages and blog posts come as one list by falling time', async () => {
  const posts = [changed(20, 8), changed(21, 4), changed(22, 3)];
  const { source } = await startSource(
    cloudSite({
      [pagesPath]: ({ nth }) =>
        nth === 0
          ? cloudList([changed(10, 9), changed(11, 7)], 'c')
          : cloudList([changed(12, 5), changed(13, 1)]),
      '/wiki/api/v2/blogposts': () => cloudList(posts),
    }),
    { contentTypes: ['page', 'blogpost'] },
  );

  const { ids, end } = await readListing(source.listChanges([hr], never));

  expect(ids).toEqual(['10', '20', '11', '12', '21', '22', '13']);
  expect(end?.complete).toBe(true);
});

test('a malformed row is a failure that costs no other row its place', async () => {
  const rows = [changed(9, 9), cloudRow(8, { version: null }), changed(7, 7)];
  const { source } = await startSource(cloudSite({ [pagesPath]: () => cloudList(rows) }));

  const { pages } = await readListing(source.listChanges([hr], never));

  expect(pages).toMatchObject([{ kind: 'failure', id: '8', spaceKey: 'HR' }, { id: '9' }, { id: '7' }]);
});

test('rows out of order are no flaw, and of a page that comes twice the newest counts', async () => {
  const newer = { version: { number: 5, createdAt: '2026-03-09T12:00:00.000Z' } };
  const rows = [changed(7, 3), changed(8, 8), cloudRow(7, newer)];
  const { source } = await startSource(cloudSite({ [pagesPath]: () => cloudList(rows) }));

  const { pages, end } = await readListing(source.listChanges([hr], never));

  expect(pages).toMatchObject([{ id: '7', version: 5 }, { id: '8' }]);
  expect(end?.complete).toBe(true);
});

test.each<[string, (nth: number) => ReturnType<typeof cloudList>, string]>([
  [
    'a cursor that comes again',
    (nth) => cloudList([changed(nth + 1, 5)], nth % 2 === 0 ? 'a' : 'b'),
    'cursor',
  ],
  ['a circle with new cursors', (nth) => cloudList([changed(1, 5), changed(2, 4)], `c${nth}`), 'circles'],
  ['empty answers without end', (nth) => cloudList([], `c${nth}`), 'empty'],
  ['a row without an id', () => cloudList([changed(1, 5), cloudRow('x')]), 'id'],
  ['a refusal', () => ({ status: 403, json: {} }), 'HTTP 403'],
])('S22 S23 %s ends the changes as incomplete', async (_, answer, reason) => {
  const { source, site } = await startSource(cloudSite({ [pagesPath]: ({ nth }) => answer(nth) }));

  const { end } = await readListing(source.listChanges([hr], never));

  expect(end).toMatchObject({ complete: false, reason: expect.stringContaining(reason) });
  expect(site.to(pagesPath).length).toBeLessThan(20);
});

test('S20 a next link to another host ends the run', async () => {
  const links = { next: 'https://evil.example.com/wiki/api/v2/pages?cursor=x' };
  const { source } = await startSource(
    cloudSite({ [pagesPath]: () => ({ json: { results: [changed(1, 5)], _links: links } }) }),
  );

  await expect(readListing(source.listChanges([hr], never))).rejects.toBeInstanceOf(WrongConfiguration);
});

test('a 404 for the changes means lost credentials where Confluence no longer knows us', async () => {
  const { source } = await startSource(
    cloudSite({
      [pagesPath]: () => bare404,
      '/wiki/rest/api/user/current': () => ({ json: { type: 'anonymous' } }),
    }),
  );

  await expect(readListing(source.listChanges([hr], never))).rejects.toBeInstanceOf(CredentialsRefused);
});

test('without spaces nothing changed and nothing is asked', async () => {
  const { source, site } = await startSource({});

  expect(await readListing(source.listChanges([], never))).toMatchObject({
    ids: [],
    end: { complete: true },
  });
  expect(site.requests).toEqual([]);
});

test('S34 Data Center is asked by search, without a date whose zone nobody knows', async () => {
  const { source, site } = await server([changedThere(7, 9), changedThere(8, 8)], {
    contentTypes: ['page', 'blogpost'],
  });
  const odd = { ...eng, key: '~a"b\\c' };

  const { pages, end } = await readListing(source.listChanges([eng, odd], never));

  expect(pages).toMatchObject([
    { kind: 'head', id: '7', spaceKey: 'ENG', lastUpdated: new Date('2026-03-09T02:00:00.000Z') },
    { id: '8' },
  ]);
  expect(end?.complete).toBe(true);
  expect(site.to(searchPath)[0]?.query.get('cql')).toBe(
    'type in (page,blogpost) and space in ("ENG","~a\\"b\\\\c") order by lastmodified desc',
  );
});

test('a search goes on behind all but the last of the rows received, however the server caps it', async () => {
  const rows = Array.from({ length: 430 }, (_, index) => changedThere(1000 - index, 9));
  const { source, site } = await server(rows);

  const { ids, end } = await readListing(source.listChanges([eng], never));

  expect(ids).toEqual(rows.map((row) => row['id']));
  expect(end?.complete).toBe(true);
  expect(site.to(searchPath).map(({ query }) => query.get('start'))).toEqual(['0', '199', '398']);
});

test('a search goes on by the cursor where the server gives one', async () => {
  const answer = (id: number, cursor: string | null) => ({
    json: {
      results: [changedThere(id, id)],
      limit: 1,
      _links: cursor === null ? {} : { next: `/rest/api/content/search?cursor=${cursor}&start=77` },
    },
  });
  const { source, site } = await startSource(
    dataCenter('/confluence', [], {
      '/rest/api/content/search': ({ nth }) => answer(9 - nth, nth < 2 ? `_sa_${nth}%3D` : null),
    }),
    { deployment: 'datacenter' },
    '/confluence',
  );

  const { ids, end } = await readListing(source.listChanges([eng], never));

  expect(ids).toEqual(['9', '8', '7']);
  expect(end?.complete).toBe(true);
  expect(site.to(searchPath).map(({ query }) => query.get('cursor'))).toEqual([null, '_sa_0=', '_sa_1=']);
});

test('S22 a search whose cursor comes again ends the changes as incomplete', async () => {
  const { source, site } = await startSource(
    dataCenter('/confluence', [], {
      '/rest/api/content/search': ({ nth }) => ({
        json: {
          results: [changedThere(nth + 1, 5)],
          _links: { next: '/rest/api/content/search?cursor=same' },
        },
      }),
    }),
    { deployment: 'datacenter' },
    '/confluence',
  );

  const { end } = await readListing(source.listChanges([eng], never));

  expect(end).toMatchObject({ complete: false, reason: expect.stringContaining('cursor') });
  expect(site.to(searchPath)).toHaveLength(2);
});
