import { afterEach, expect, test } from '@jest/globals';
import { CredentialsRefused, LoginLocked, WrongConfiguration } from '../../../src/sync/errors.ts';
import type { Site } from '../../../src/sync/source.ts';
import type { SiteAnswer, SiteRoutes } from '../../support/scripted-site.ts';
import { dataCenter, eng, offsetList, scanList, serverNotFound, serverRow } from './data-center-site.ts';
import { readListing } from './read-listing.ts';
import { never, startSource, stopSources, type Started } from './start-source.ts';

afterEach(stopSources);

const heads = { bodies: false };
const scanPath = '/confluence/rest/api/content/scan';
const contentPath = '/confluence/rest/api/content';
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const rowsOf = (count: number) => numbers(count).map((id) => serverRow(id));

function start(
  rows: readonly Record<string, unknown>[],
  routes: SiteRoutes = {},
  settings = {},
): Promise<Started> {
  const site = dataCenter('/confluence', rows, routes);
  return startSource(site, { deployment: 'datacenter', ...settings }, '/confluence');
}

test('a page of Data Center is read with its own server as the base of its address', async () => {
  const { source, site } = await start([serverRow(7)]);

  const { pages, end } = await readListing(source.listPages(eng, { bodies: true }, never));

  expect(end?.complete).toBe(true);
  expect(pages).toEqual([
    {
      kind: 'page',
      storage: '<p>7</p>',
      head: {
        kind: 'head',
        id: '7',
        type: 'page',
        title: 'Page 7',
        spaceKey: 'ENG',
        status: 'current',
        version: 2,
        lastUpdated: new Date('2024-10-30T06:29:18.318Z'),
        parentId: '6',
        ancestorIds: ['5', '6'],
        url: `${site.origin}/confluence/display/ENG/Page+7`,
      },
    },
  ]);
});

test('S24 the scan is followed to its end, however the server caps it', async () => {
  const { source, site } = await start(rowsOf(430));

  const listing = await readListing(source.listPages(eng, heads, never));
  const full = await readListing(source.listPages(eng, { bodies: true }, never));

  expect(listing.ids).toEqual(numbers(430).map(String));
  expect(full.ids).toEqual(listing.ids);
  expect(full.end?.complete).toBe(true);
  expect(site.to(scanPath).filter(({ query }) => !query.has('status'))).toHaveLength(3 + 9);
});

test('a cursor that stays at the end of the scan does not start it again', async () => {
  const rows = rowsOf(3);
  const { source, site } = await start(rows, {
    '/rest/api/content/scan': ({ query }) => {
      const after = query.get('cursor');
      const results = after === null ? rows : [];
      return {
        json: { results, cursor: after ?? 'content:false:null', nextCursor: 'content:false:3', _links: {} },
      };
    },
  });

  const listing = await readListing(source.listPages(eng, heads, never));

  expect(listing.ids).toEqual(['1', '2', '3']);
  expect(listing.end?.complete).toBe(true);
  expect(site.to(scanPath).filter(({ query }) => !query.has('status'))).toHaveLength(2);
});

test.each([404, 405, 501, 400])(
  'without a scan (HTTP %d) the plain list is read whole and put in order',
  async (status) => {
    const rows = [...rowsOf(120)].reverse();
    const { source, site } = await start(rows, {
      '/rest/api/content/scan': () => ({ status, json: {} }),
      '/rest/api/content': (request) => offsetList(rows, request, 50),
    });

    const listing = await readListing(source.listPages(eng, heads, never));
    await readListing(source.listPages(eng, heads, never));

    expect(listing.ids).toEqual(numbers(120).map(String));
    expect(listing.end?.complete).toBe(true);
    expect(site.to(scanPath)).toHaveLength(1);
  },
);

test('S25 S26 the plain list goes on by the rows received, whatever its links say', async () => {
  const rows = rowsOf(100);
  const { source } = await start(rows, {
    '/rest/api/content/scan': () => ({ status: 404, json: {} }),
    '/rest/api/content': ({ query }) => {
      const at = Number(query.get('start'));
      return { json: { results: rows.slice(at, at + 25), limit: 200, _links: {} } };
    },
  });

  const listing = await readListing(source.listPages(eng, heads, never));

  expect(listing.ids).toHaveLength(100);
  expect(listing.end?.complete).toBe(true);
});

test('S26 rows that shift while the plain list is paged come once', async () => {
  const rows = rowsOf(90);
  const { source } = await start(rows, {
    '/rest/api/content/scan': () => ({ status: 404, json: {} }),
    '/rest/api/content': (request) =>
      offsetList(request.nth === 0 ? rows : [serverRow(1000), ...rows], request, 50),
  });

  const listing = await readListing(source.listPages(eng, heads, never));

  expect(new Set(listing.ids).size).toBe(listing.ids.length);
  expect(listing.ids).toHaveLength(90);
});

test('S31 a space that went away is no empty space', async () => {
  const { source } = await start([], {
    '/rest/api/content/scan': () => ({ status: 404, json: {} }),
    '/rest/api/content': (request) => offsetList([], request),
    '/rest/api/space/ENG': () => ({ status: 404, json: {} }),
  });

  const listing = await readListing(source.listPages(eng, heads, never));

  expect(listing.end).toMatchObject({ complete: false, reason: expect.stringContaining('ENG') });
});

test('S31 a scan that worked before and is refused now leaves the listing incomplete', async () => {
  const { source } = await start(rowsOf(2), {
    '/rest/api/content/scan': (request) =>
      request.nth === 0 ? scanList(rowsOf(2), request) : { status: 404, json: {} },
    '/rest/api/content': (request) => offsetList([], request),
  });
  await readListing(source.listPages(eng, heads, never));

  const listing = await readListing(source.listPages(eng, heads, never));

  expect(listing.end?.complete).toBe(false);
});

test('S20 a next link to another host ends the run', async () => {
  const next = 'https://evil.example.com/rest/api/content/scan?cursor=content:false:1';
  const { source } = await start([], {
    '/rest/api/content/scan': () => ({
      json: { results: [serverRow(1)], _links: { next, base: 'http://localhost' } },
    }),
  });

  await expect(readListing(source.listPages(eng, heads, never))).rejects.toBeInstanceOf(WrongConfiguration);
});

test('pages are fetched one by one where the server passes over a list of ids', async () => {
  const rows = rowsOf(30);
  const { source, site } = await start(rows, {
    '/rest/api/content': (request) => offsetList(rows, request, 25),
  });

  const pages = await source.fetchPages(['28', '29', '99'], never);
  await source.fetchPages(['28', '29'], never);

  expect(pages.map((page) => page.kind).sort()).toEqual(['absent', 'page', 'page']);
  expect(site.requests.filter(({ path }) => path === contentPath)).toHaveLength(1);
});

test('pages are fetched in bulk where the server can, and only the missing ones alone', async () => {
  const rows = rowsOf(120);
  const { source, site } = await start(rows, {
    '/rest/api/content': (request) => {
      const ids = request.query.getAll('ids');
      return offsetList(
        rows.filter((row) => ids.includes(String(row['id']))),
        request,
      );
    },
  });

  const pages = await source.fetchPages([...numbers(120).map(String), '999'], never);

  expect(pages.filter((page) => page.kind === 'page')).toHaveLength(120);
  expect(site.to(`${contentPath}/999`).map(({ query }) => query.get('status'))).toEqual([null, 'archived']);
  expect(site.requests.length).toBeLessThan(9);
});

test.each<[string, SiteAnswer, string]>([
  ['500', { status: 500, json: {} }, 'http_500'],
  ['a body beyond the cap', { body: `{"x":"${'x'.repeat(1_100_000)}"}` }, 'body_too_large'],
  ['half a body', { body: '{"id":' }, 'malformed_answer'],
  ['another page', { json: serverRow(9) }, 'malformed_answer'],
])('S38 one page that answers %s fails alone', async (_, answer, code) => {
  const { source } = await start(rowsOf(3), {
    '/rest/api/content': () => ({ status: 400, json: {} }),
    '/rest/api/content/2': () => answer,
  });

  const pages = await source.fetchPages(['1', '2', '3'], never);

  expect(pages.filter((page) => page.kind === 'page')).toHaveLength(2);
  expect(pages).toContainEqual(expect.objectContaining({ kind: 'failure', id: '2', code }));
});

test('confirm repeats what Data Center says of each id', async () => {
  const rows = [serverRow(1), serverRow(2, { status: 'trashed' }), serverRow(3, { status: 'archived' })];
  const { source } = await start(rows);

  const presences = await source.confirm(['1', '2', '3', '4'], never);
  const place = { parentId: '6', ancestorIds: ['5', '6'] };

  expect(Object.fromEntries(presences)).toEqual({
    '1': { kind: 'live', spaceKey: 'ENG', status: 'current', ...place },
    '2': { kind: 'trashed' },
    '3': { kind: 'live', spaceKey: 'ENG', status: 'archived', ...place },
    '4': { kind: 'gone' },
  });
});

test.each([400, 501])(
  'a server that takes no status (HTTP %d) still says that a page is gone',
  async (status) => {
    const { source } = await start([], {
      '/rest/api/content/*': ({ query }) =>
        query.has('status') ? { status, json: {} } : serverNotFound('4'),
    });

    expect((await source.confirm(['4'], never)).get('4')).toEqual({ kind: 'gone' });
  },
);

test.each<[string, SiteAnswer]>([
  ['a 404 page of a proxy', { status: 404, body: '<html>', headers: { 'content-type': 'text/html' } }],
  ['a bare 404', { status: 404, json: { statusCode: 404, message: 'Not Found' } }],
  ['a 403', { status: 403, json: { statusCode: 403, message: 'no content with id 4' } }],
  ['a 404 that names another page', serverNotFound('44')],
  [
    'a 404 in Confluence’s frame that names no page',
    {
      status: 404,
      json: {
        statusCode: 404,
        data: { authorized: false, valid: true, errors: [] },
        message: 'NotFoundException: null',
      },
    },
  ],
  ['something else', { json: serverRow(5) }],
])('S29 after %s a page stays', async (_, answer) => {
  const { source } = await start([], { '/rest/api/content/*': () => answer });

  expect((await source.confirm(['4'], never)).get('4')?.kind).toBe('unclear');
});

test('S29 one sporadic 404 proves nothing', async () => {
  const { source } = await start([], {
    '/rest/api/content/4': ({ nth }) => (nth < 3 ? serverNotFound('4') : { json: serverRow(4) }),
  });

  expect((await source.confirm(['4'], never)).get('4')?.kind).toBe('live');
});

test('S14 a wrong token that Data Center answers as nobody is reported as nobody', async () => {
  const { source } = await start([], {
    '/rest/api/user/current': () => ({ json: { type: 'anonymous', displayName: 'Anonymous' } }),
  });

  expect(await source.whoAmI(never)).toEqual({ kind: 'anonymous' });
});

test('S16 a CAPTCHA ends as refused credentials without another try', async () => {
  const headers = { 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' };
  const { source, site } = await start([], {
    '/rest/api/user/current': () => ({ status: 403, json: {}, headers }),
  });

  await expect(source.whoAmI(never)).rejects.toBeInstanceOf(CredentialsRefused);
  expect(site.to('/confluence/rest/api/user/current')).toHaveLength(1);
});

test.each(['auto', 'datacenter'] as const)(
  'S16 a CAPTCHA asked of every request is met once (%s)',
  async (deployment) => {
    const denied = () => ({
      status: 403,
      json: {},
      headers: { 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' },
    });
    const { source, site } = await startSource({ '/*': denied }, { deployment }, '/confluence');
    const before: Site = {
      deployment: 'datacenter',
      baseUrl: `${site.origin}/confluence`,
      cloudId: null,
      version: null,
    };

    await expect(source.whoAmI(never)).rejects.toThrow(/CAPTCHA.*sign in with it in a browser/);
    const signed = () => site.requests.filter(({ headers }) => headers.authorization !== undefined);
    expect(signed()).toHaveLength(1);

    await source.site(never, before).catch(() => undefined);
    await expect(source.whoAmI(never)).rejects.toBeInstanceOf(LoginLocked);
    expect(signed()).toHaveLength(2);
  },
);

test('the list of spaces ends where the server only repeats rows', async () => {
  const { source } = await start([], {
    '/rest/api/space': () => ({
      json: { results: [{ ...eng, id: 119963668 }], limit: 1, _links: { next: '/rest/api/space?start=1' } },
    }),
  });

  expect(await source.listSpaces(never)).toEqual({ spaces: [eng], complete: true, reason: null });
});

const byStatus = (rows: readonly Record<string, unknown>[]): SiteRoutes => ({
  '/rest/api/content/scan': (request) =>
    scanList(
      rows.filter((row) => row['status'] === (request.query.get('status') ?? 'current')),
      request,
    ),
});

test('archived pages are listed among the others by id where the server lists them', async () => {
  const rows = numbers(9).map((id) => serverRow(id, id % 3 === 0 ? { status: 'archived' } : {}));
  const { source } = await start(rows, byStatus(rows));

  const { pages, ids, end } = await readListing(source.listPages(eng, heads, never));

  expect(ids).toEqual(numbers(9).map(String));
  expect(pages[2]).toMatchObject({ id: '3', status: 'archived' });
  expect(end?.complete).toBe(true);
});

test('a page that both lists show comes once', async () => {
  const rows = [serverRow(1), serverRow(2, { status: 'archived' }), serverRow(3)];
  const { source } = await start(rows, {
    '/rest/api/content/scan': (request) =>
      scanList(request.query.has('status') ? rows.slice(1, 2) : rows, request),
  });

  const { ids, end } = await readListing(source.listPages(eng, heads, never));

  expect(ids).toEqual(['1', '2', '3']);
  expect(end?.complete).toBe(true);
});

test.each<[string, SiteAnswer]>([
  ['refuses the status', { status: 400, json: {} }],
  ['fails at the status', { status: 500, json: {} }],
  ['passes over the status', { json: { results: [serverRow(1)], limit: 1, _links: {} } }],
  ['answers nonsense', { json: { hello: 'world' } }],
])('a server that %s is asked for archived pages once and lists as before', async (_, answer) => {
  const { source, site } = await start(rowsOf(3), {
    '/rest/api/content/scan': (request) =>
      request.query.has('status') ? answer : scanList(rowsOf(3), request),
  });

  const first = await readListing(source.listPages(eng, heads, never));
  const asked = site.to(scanPath).filter(({ query }) => query.has('status')).length;
  const second = await readListing(source.listPages(eng, heads, never));

  expect([first.ids, second.ids]).toEqual([
    ['1', '2', '3'],
    ['1', '2', '3'],
  ]);
  expect([first.end?.complete, second.end?.complete]).toEqual([true, true]);
  expect(asked).toBeLessThanOrEqual(2);
  expect(site.to(scanPath).filter(({ query }) => query.has('status'))).toHaveLength(asked);
});

test('an archived page is fetched with its status, and where it is not wanted it is absent', async () => {
  const rows = [serverRow(1), serverRow(2, { status: 'archived' })];
  const wanted = await start(rows);
  const unwanted = await start(rows, {}, { archived: 'exclude' });

  const fetched = await wanted.source.fetchPages(['2'], never);
  const without = await unwanted.source.fetchPages(['2'], never);

  expect(fetched).toMatchObject([
    { kind: 'page', head: { id: '2', status: 'archived' }, storage: '<p>2</p>' },
  ]);
  expect(without).toEqual([{ kind: 'absent', id: '2' }]);
});

test.each([400, 500, 501])(
  'a server that answers HTTP %d to the status archived still says what is absent',
  async (status) => {
    const { source } = await start([], {
      '/rest/api/content/*': ({ query }) =>
        query.get('status') === 'archived' ? { status, json: {} } : serverNotFound('4'),
    });

    expect(await source.fetchPages(['4'], never)).toEqual([{ kind: 'absent', id: '4' }]);
  },
);
