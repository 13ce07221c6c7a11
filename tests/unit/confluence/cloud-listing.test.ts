import { afterEach, expect, test } from '@jest/globals';
import { WrongConfiguration } from '../../../src/sync/errors.ts';
import { cloudList, cloudPage, cloudPages, cloudRow, cloudSite, hr } from './cloud-site.ts';
import { readListing } from './read-listing.ts';
import { never, startSource, stopSources } from './start-source.ts';

afterEach(stopSources);

const pagesPath = '/wiki/api/v2/spaces/98308/pages';
const heads = { bodies: false };

test('a listing gives every page by ascending id and ends complete', async () => {
  const rows = [1, 2, 3, 10, 11, 100].map((id) => cloudRow(id));
  const { source } = await startSource(cloudSite(cloudPages(rows, 2)));

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.ids).toEqual(['1', '2', '3', '10', '11', '100']);
  expect(listing.batches).toBe(3);
  expect(listing.end).toEqual({ kind: 'end', complete: true });
});

test('a head holds what Confluence says of the page', async () => {
  const row = cloudRow(7, {
    parentId: '5',
    status: 'archived',
    version: { number: 3, createdAt: '2026-03-19T14:23:48.556Z' },
  });
  const { source } = await startSource(cloudSite(cloudPages([row])));

  const { pages } = await readListing(source.listPages(hr, heads, never));

  expect(pages).toEqual([
    {
      kind: 'head',
      id: '7',
      type: 'page',
      title: 'Page 7',
      spaceKey: 'HR',
      status: 'archived',
      version: 3,
      lastUpdated: new Date('2026-03-19T14:23:48.556Z'),
      parentId: '5',
      url: 'https://people.example.com/wiki/spaces/HR/pages/7/Page',
    },
  ]);
});

test('a listing with bodies carries them, and a row without one stays a head', async () => {
  const rows = [cloudPage(1, ''), cloudPage(2, null), cloudRow(3)];
  const { source, site } = await startSource(cloudSite(cloudPages(rows)));

  const { pages } = await readListing(source.listPages(hr, { bodies: true }, never));

  expect(pages.map((page) => page.kind)).toEqual(['page', 'head', 'head']);
  expect(site.to(pagesPath)[0]?.query.get('body-format')).toBe('storage');
});

test('every request repeats the parameters and only the cursor is taken from the answer', async () => {
  const { source, site } = await startSource(
    cloudSite(
      cloudPages(
        [1, 2, 3].map((id) => cloudRow(id)),
        2,
      ),
    ),
  );

  await readListing(source.listPages(hr, heads, never));

  const [first, second] = site.to(pagesPath).map(({ query }) => query);
  expect(first?.getAll('status')).toEqual(['current', 'archived']);
  expect(first?.get('sort')).toBe('id');
  expect(second?.getAll('status')).toEqual(['current', 'archived']);
  expect(second?.get('limit')).toBe('250');
  expect(second?.get('cursor')).toBe('2');
});

test('without archived pages only current ones are asked for', async () => {
  const { source, site } = await startSource(cloudSite(cloudPages([cloudRow(1)])), { archived: 'exclude' });

  await readListing(source.listPages(hr, heads, never));

  expect(site.to(pagesPath)[0]?.query.getAll('status')).toEqual(['current']);
});

test.each([
  ['another host', 'http://evil.example.com/wiki/api/v2/x?cursor=2'],
  ['another host without a scheme', '//evil.example.com/x?cursor=2'],
  ['another host behind backslashes', '\\\\evil.example.com\\x?cursor=2'],
  ['a user in the address', 'http://127.0.0.1@evil.example.com/x?cursor=2'],
  ['another port', 'http://127.0.0.1:1/wiki/api/v2/x?cursor=2'],
])('S20 a next link to %s ends the run and is not followed', async (_, next) => {
  const { source, site } = await startSource(
    cloudSite({ [pagesPath]: () => ({ json: { results: [cloudRow(1)], _links: { next } } }) }),
  );

  const reading = readListing(source.listPages(hr, heads, never));

  await expect(reading).rejects.toBeInstanceOf(WrongConfiguration);
  expect(site.to(pagesPath)).toHaveLength(1);
});

test.each([
  ['absolute on the own host', (origin: string) => `${origin}/wiki/api/v2/spaces/98308/pages?cursor=2`],
  ['absolute on the base it names', () => 'https://people.example.com/wiki/api/v2/x?cursor=2'],
  ['with /wiki twice', () => '/wiki/wiki/api/v2/spaces/98308/pages?cursor=2'],
  ['without /wiki', () => '/api/v2/spaces/98308/pages?cursor=2'],
])('S21 a next link %s goes on with its cursor', async (_, next) => {
  let origin = '';
  const base = 'https://people.example.com/wiki';
  const { source, site } = await startSource(
    cloudSite({
      [pagesPath]: ({ query }) =>
        query.get('cursor') === '2'
          ? cloudList([cloudRow(2)])
          : { json: { results: [cloudRow(1)], _links: { next: next(origin), base } } },
    }),
  );
  origin = site.origin;

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.ids).toEqual(['1', '2']);
  expect(site.to(pagesPath)[1]?.path).toBe(pagesPath);
  expect(listing.end?.complete).toBe(true);
});

test('S22 a cursor that comes again ends the listing as incomplete', async () => {
  const { source, site } = await startSource(
    cloudSite({ [pagesPath]: ({ nth }) => cloudList([cloudRow(nth + 1)], nth % 2 === 0 ? 'a' : 'b') }),
  );

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.end).toMatchObject({ complete: false, reason: expect.stringContaining('cursor') });
  expect(site.to(pagesPath)).toHaveLength(3);
});

test('S22 a listing that only turns in circles with new cursors ends as incomplete', async () => {
  const { source, site } = await startSource(
    cloudSite({ [pagesPath]: ({ nth }) => cloudList([cloudRow(1), cloudRow(2)], `c${nth}`) }),
  );

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.end?.complete).toBe(false);
  expect(listing.ids).toEqual(['1', '2']);
  expect(site.to(pagesPath).length).toBeLessThan(20);
});

test('S23 empty answers with a next link are bounded', async () => {
  const { source, site } = await startSource(
    cloudSite({ [pagesPath]: ({ nth }) => cloudList([], `c${nth}`) }),
  );

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.end?.complete).toBe(false);
  expect(site.to(pagesPath)).toHaveLength(10);
});

test('S23 an empty answer in the middle is not the end', async () => {
  const { source } = await startSource(
    cloudSite({
      [pagesPath]: ({ nth }) =>
        [cloudList([cloudRow(1)], 'a'), cloudList([], 'b')][nth] ?? cloudList([cloudRow(2)]),
    }),
  );

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.ids).toEqual(['1', '2']);
  expect(listing.end?.complete).toBe(true);
});

test('S27 of a page that comes twice in one answer the highest version counts', async () => {
  const newer = { version: { number: 2, createdAt: '2026-03-20T14:23:48.556Z' } };
  const { source } = await startSource(cloudSite(cloudPages([cloudRow(1, newer), cloudRow(1)])));

  const { pages } = await readListing(source.listPages(hr, heads, never));

  expect(pages).toMatchObject([{ id: '1', version: 2 }]);
});

test('S26 a page that comes again at the next border is given once', async () => {
  const { source } = await startSource(
    cloudSite(
      cloudPages(
        [1, 2, 2, 3].map((id) => cloudRow(id)),
        2,
      ),
    ),
  );

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.ids).toEqual(['1', '2', '3']);
  expect(listing.end?.complete).toBe(true);
});

test('pages out of order are listed and leave the listing incomplete', async () => {
  const { source } = await startSource(
    cloudSite(
      cloudPages(
        [5, 6, 1, 7].map((id) => cloudRow(id)),
        2,
      ),
    ),
  );

  const listing = await readListing(source.listPages(hr, heads, never));

  expect([...listing.ids].sort()).toEqual(['1', '5', '6', '7']);
  expect(listing.end).toMatchObject({ complete: false, reason: expect.stringContaining('order') });
});

test.each([
  ['missing_title', { title: null }],
  ['missing_version', { version: null }],
  ['missing_version', { version: { createdAt: '2026-03-19T14:23:48.556Z' } }],
  ['bad_version', { version: { number: 2_147_483_648, createdAt: '2026-03-19T14:23:48.556Z' } }],
  ['bad_version', { version: { number: -1, createdAt: '2026-03-19T14:23:48.556Z' } }],
  ['bad_version', { version: { number: '1', createdAt: '2026-03-19T14:23:48.556Z' } }],
  ['bad_version', { version: { number: 1.5, createdAt: '2026-03-19T14:23:48.556Z' } }],
  ['bad_date', { version: { number: 1, createdAt: '2026-02-30T00:00:00Z' } }],
  ['bad_date', { version: { number: 1, createdAt: '0000-12-31T00:00:00Z' } }],
  ['bad_date', { version: { number: 1 } }],
])('S51 one row with a %s costs no other row its place', async (code, change) => {
  const { source } = await startSource(
    cloudSite(cloudPages([cloudRow(1), cloudRow(2, change), cloudRow(3)])),
  );

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.pages).toMatchObject([
    { kind: 'head' },
    { kind: 'failure', id: '2', stage: 'parse', code },
    { kind: 'head' },
  ]);
  expect(listing.end?.complete).toBe(true);
});

test.each([
  ['empty', ''],
  ['negative', '-1'],
  ['words', 'x'],
  ['very long', '1'.repeat(10_000)],
  ['fraction', 1.5],
  ['beyond what is exact', 2 ** 60],
  ['null', null],
])('S46 a row whose id is %s is left out and leaves the listing incomplete', async (_, id) => {
  const { source } = await startSource(
    cloudSite(cloudPages([cloudRow(1), cloudRow(2, { id }), cloudRow(3)])),
  );

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.ids).toEqual(['1', '3']);
  expect(listing.end).toMatchObject({ complete: false, reason: expect.stringContaining('id') });
});

test('S44 keys that change prototypes are read as nothing', async () => {
  const evil = JSON.parse('{"__proto__":{"title":"polluted"},"constructor":{"x":1}}') as object;
  const { source } = await startSource(cloudSite(cloudPages([{ ...cloudRow(1), ...evil }])));

  const { pages } = await readListing(source.listPages(hr, heads, never));

  expect(pages).toMatchObject([{ id: '1', title: 'Page 1' }]);
  expect(Object.keys(pages[0] ?? {})).not.toContain('__proto__');
});

test('drafts and trashed pages in a list are passed over', async () => {
  const { source } = await startSource(
    cloudSite(
      cloudPages([cloudRow(1, { status: 'draft' }), cloudRow(2, { status: 'trashed' }), cloudRow(3)]),
    ),
  );

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.ids).toEqual(['3']);
  expect(listing.end?.complete).toBe(true);
});

test('S41 only the row whose title is not UTF-8 fails', async () => {
  const text = JSON.stringify({
    results: [cloudRow(1), cloudRow(2, { title: '#' }), cloudRow(3)],
    _links: {},
  });
  const bytes = Buffer.from(text.replace('"#"', '"\u00ff"'), 'latin1');
  const { source } = await startSource(cloudSite({ [pagesPath]: () => ({ body: bytes }) }));

  const { pages } = await readListing(source.listPages(hr, heads, never));

  expect(pages).toMatchObject([
    { kind: 'head' },
    { kind: 'failure', code: 'invalid_utf8' },
    { kind: 'head' },
  ]);
});

test('S8 a server that fails for large sizes is asked for less until it answers', async () => {
  const rows = Array.from({ length: 300 }, (_, index) => cloudRow(index + 1));
  const pages = cloudPages(rows);
  const { source, clock } = await startSource(
    cloudSite({
      ...pages,
      [pagesPath]: (request) =>
        Number(request.query.get('limit')) > 40
          ? { status: 503, json: { statusCode: 503, message: 'busy' } }
          : (pages[pagesPath]?.(request) ?? cloudList([])),
    }),
  );

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.ids).toHaveLength(300);
  expect(listing.end?.complete).toBe(true);
  expect(clock.sleeps.length).toBeGreaterThan(0);
});

test('S38 a listing whose bodies are too much for one answer gives heads', async () => {
  const rows = [cloudPage(1), cloudPage(2, 'x'.repeat(2_000_000))];
  const light = rows.map((row) => ({ ...row, body: {} }));
  const { source } = await startSource(
    cloudSite({ [pagesPath]: ({ query }) => cloudList(query.has('body-format') ? rows : light) }),
  );

  const listing = await readListing(source.listPages(hr, { bodies: true }, never));

  expect(listing.pages.map((page) => page.kind)).toEqual(['head', 'head']);
  expect(listing.end?.complete).toBe(true);
});

test.each([403, 404])('S31 a space that answers HTTP %d ends its listing as incomplete', async (status) => {
  const { source } = await startSource(cloudSite({ [pagesPath]: () => ({ status, json: {} }) }));

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.end).toMatchObject({ complete: false, reason: expect.stringContaining('HR') });
});

test('a cursor that Confluence does not take back ends the listing as incomplete', async () => {
  const { source } = await startSource(
    cloudSite({
      [pagesPath]: ({ nth }) => (nth === 0 ? cloudList([cloudRow(1)], 'a') : { status: 400, json: {} }),
    }),
  );

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.ids).toEqual(['1']);
  expect(listing.end?.complete).toBe(false);
});

test('blog posts and pages come as one listing by id', async () => {
  const { source, site } = await startSource(
    cloudSite({
      ...cloudPages(
        [1, 4, 5, 9].map((id) => cloudRow(id)),
        2,
      ),
      '/wiki/api/v2/spaces/98308/blogposts': () => cloudList([cloudRow(2), cloudRow(3), cloudRow(8)]),
    }),
    { contentTypes: ['page', 'blogpost'] },
  );

  const listing = await readListing(source.listPages(hr, heads, never));

  expect(listing.ids).toEqual(['1', '2', '3', '4', '5', '8', '9']);
  expect(listing.pages.map((page) => (page.kind === 'head' ? page.type : ''))).toEqual([
    'page',
    'blogpost',
    'blogpost',
    'page',
    'page',
    'blogpost',
    'page',
  ]);
  expect(site.to('/wiki/api/v2/spaces/98308/blogposts')[0]?.query.getAll('status')).toEqual(['current']);
});

test.each([null, 'levitating', 7])(
  'S51 a row with the status %p fails and is not passed over',
  async (status) => {
    const { source } = await startSource(cloudSite(cloudPages([cloudRow(1), cloudRow(2, { status })])));

    const { pages } = await readListing(source.listPages(hr, heads, never));

    expect(pages).toMatchObject([{ kind: 'head' }, { kind: 'failure', id: '2', code: 'bad_status' }]);
  },
);
