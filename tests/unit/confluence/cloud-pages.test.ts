import { afterEach, expect, test } from '@jest/globals';
import { ConfluenceUnavailable, CredentialsRefused } from '../../../src/sync/errors.ts';
import type { FetchedPage } from '../../../src/sync/source.ts';
import type { SiteAnswer, SiteRoutes } from '../../support/scripted-site.ts';
import { bare404, cloudList, cloudNotFound, cloudPage, cloudPages, cloudSite, hr } from './cloud-site.ts';
import { never, startSource, stopSources } from './start-source.ts';

afterEach(stopSources);

const bulkPath = '/wiki/api/v2/pages';
const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));
const rowsOf = (count: number) => numbers(count).map((id) => cloudPage(id));

/** Pages of which some make every request they are part of go wrong. */
function withBad(count: number, bad: Readonly<Record<string, SiteAnswer>>): SiteRoutes {
  const pages = cloudPages(rowsOf(count));
  const spoil = (ids: readonly string[]) => ids.map((id) => bad[id]).find((answer) => answer !== undefined);
  return cloudSite({
    ...pages,
    [bulkPath]: (request) =>
      spoil((request.query.get('id') ?? '').split(',')) ?? pages[bulkPath]?.(request) ?? cloudList([]),
    [`${bulkPath}/*`]: (request) =>
      spoil([request.path.split('/').at(-1) ?? '']) ?? pages[`${bulkPath}/*`]?.(request) ?? bare404,
  });
}

function summary(pages: readonly FetchedPage[]): Record<string, string> {
  return Object.fromEntries(
    pages.map((page) =>
      page.kind === 'page'
        ? [page.head.id, 'page']
        : [page.id, page.kind === 'failure' ? page.code : page.kind],
    ),
  );
}

test('every asked id gets exactly one answer', async () => {
  const { source } = await startSource(
    cloudSite(cloudPages([...rowsOf(120), cloudPage(500, '', { status: 'trashed' })])),
  );

  const pages = await source.fetchPages([...numbers(120), '3', '500', '999', 'no-id'], never);

  expect(pages).toHaveLength(123);
  expect(summary(pages)).toMatchObject({
    '1': 'page',
    '120': 'page',
    '500': 'absent',
    '999': 'absent',
    'no-id': 'absent',
  });
});

test('bodies come as they are, an empty one too, and a missing one is a failure', async () => {
  const bodies = ['<p>é 😀 &nbsp;</p>', '', null];
  const rows = bodies.map((body, index) => cloudPage(index + 1, body));
  const { source } = await startSource(cloudSite(cloudPages(rows)));

  const pages = await source.fetchPages(['1', '2', '3'], never);

  expect(pages).toMatchObject([
    { kind: 'page', storage: '<p>é 😀 &nbsp;</p>' },
    { kind: 'page', storage: '' },
    {
      kind: 'failure',
      id: '3',
      code: 'null_body',
      stage: 'parse',
      title: 'Page 3',
      version: 1,
      spaceKey: 'HR',
    },
  ]);
});

test.each<[string, SiteAnswer, string]>([
  ['too large', { body: `{"results":["${'x'.repeat(1_100_000)}"]}` }, 'body_too_large'],
  ['malformed', { body: '{"results":[' }, 'malformed_answer'],
  ['failing', { status: 500, json: {} }, 'http_500'],
  ['refused', { status: 400, json: {} }, 'http_400'],
  ['forbidden', { status: 403, json: {} }, 'http_403'],
  ['too much', { status: 413, json: {} }, 'body_too_large'],
])('S38 S11 exactly the page whose answer is %s fails', async (_, answer, code) => {
  const { source } = await startSource(withBad(120, { 17: answer, 18: answer, 99: answer }));

  const pages = await source.fetchPages(numbers(120), never);

  const bad = pages.filter((page) => page.kind !== 'page');
  expect(summary(bad)).toEqual({ '17': code, '18': code, '99': code });
  expect(pages).toHaveLength(120);
});

test('a page that breaks the connection fails alone', async () => {
  const { source } = await startSource(withBad(20, { 7: (_, socket) => socket.resetAndDestroy() }));

  const pages = await source.fetchPages(numbers(20), never);

  expect(summary(pages.filter((page) => page.kind !== 'page'))).toEqual({ '7': 'lost' });
});

test('S41 only the page whose body is not UTF-8 fails, and a real U+FFFD beside it does not', async () => {
  const rows = [cloudPage(1, '<p>#</p>'), cloudPage(2, '<p>\uFFFD</p>'), cloudPage(3)];
  const spoil = (text: string): SiteAnswer => {
    const bytes = Buffer.from(text);
    const at = bytes.indexOf('#');
    if (at >= 0) bytes[at] = 0xff;
    return { body: bytes };
  };
  const pages = cloudPages(rows);
  const spoiled =
    (path: string): SiteRoutes[string] =>
    (request) => {
      const answer = pages[path]?.(request);
      return answer !== undefined && 'json' in answer ? spoil(JSON.stringify(answer.json)) : bare404;
    };
  const { source } = await startSource(
    cloudSite({ [bulkPath]: spoiled(bulkPath), [`${bulkPath}/*`]: spoiled(`${bulkPath}/*`) }),
  );

  const fetched = await source.fetchPages(['1', '2', '3'], never);

  expect(summary(fetched)).toEqual({ '1': 'invalid_utf8', '2': 'page', '3': 'page' });
});

test('S7 a server that is gone altogether fails the run, not the pages', async () => {
  const { source } = await startSource({
    ...withBad(10, {}),
    [bulkPath]: () => ({ status: 503, json: {} }),
    '/wiki/rest/api/user/current': () => ({ status: 503, json: {} }),
  });

  await expect(source.fetchPages(numbers(10), never)).rejects.toBeInstanceOf(ConfluenceUnavailable);
});

test('S6 a burst of failures costs no page its place', async () => {
  let failures = 12;
  const pages = cloudPages(rowsOf(100));
  const burst =
    (path: string): SiteRoutes[string] =>
    (request) =>
      failures-- > 0 ? { status: 503, json: {} } : (pages[path]?.(request) ?? cloudList([]));
  const user: SiteRoutes[string] = () =>
    failures-- > 0 ? { status: 503, json: {} } : { json: { type: 'known', accountId: '1' } };
  const { source } = await startSource(
    cloudSite({
      [bulkPath]: burst(bulkPath),
      [`${bulkPath}/*`]: burst(`${bulkPath}/*`),
      '/wiki/rest/api/user/current': user,
    }),
  );

  const fetched = await source.fetchPages(numbers(100), never);

  expect(fetched.every((page) => page.kind === 'page')).toBe(true);
});

test('a server that does not know the id filter is asked page by page', async () => {
  const { source } = await startSource(
    cloudSite({ ...cloudPages(rowsOf(60)), [bulkPath]: () => cloudList(rowsOf(60).slice(0, 25), 'more') }),
  );

  const fetched = await source.fetchPages(['1', '2', '58', '77'], never);

  expect(summary(fetched)).toEqual({ '1': 'page', '2': 'page', '58': 'page', '77': 'absent' });
});

test('S15 a 404 for everything means lost credentials where Confluence no longer knows us', async () => {
  const { source } = await startSource(
    cloudSite({
      '/wiki/api/v2/*': () => bare404,
      '/wiki/rest/api/user/current': () => ({ json: { type: 'anonymous' } }),
    }),
  );

  await expect(source.fetchPages(['1', '2'], never)).rejects.toBeInstanceOf(CredentialsRefused);
  await expect(source.confirm(['1'], never)).rejects.toBeInstanceOf(CredentialsRefused);
});

test('the space of a page that moved is asked for by its id', async () => {
  const { source } = await startSource(
    cloudSite({
      ...cloudPages([
        cloudPage(1, '', { spaceId: '555' }),
        cloudPage(2, '', { spaceId: '666' }),
        cloudPage(3, '', { spaceId: null }),
      ]),
      '/wiki/api/v2/spaces/555': () => ({ json: { id: '555', key: 'FIN' } }),
    }),
  );

  const fetched = await source.fetchPages(['1', '2', '3'], never);

  expect(fetched[0]).toMatchObject({ head: { spaceKey: 'FIN' } });
  expect(summary(fetched)).toEqual({ '1': 'page', '2': 'missing_space', '3': 'missing_space' });
});

test('blog posts are fetched from their own collection', async () => {
  const { source } = await startSource(
    cloudSite({ ...cloudPages(rowsOf(2)), '/wiki/api/v2/blogposts': () => cloudList([cloudPage(3)]) }),
    { contentTypes: ['page', 'blogpost'] },
  );

  const fetched = await source.fetchPages(['1', '3', '4'], never);

  expect(fetched).toContainEqual(
    expect.objectContaining({ head: expect.objectContaining({ id: '3', type: 'blogpost' }) }),
  );
  expect(summary(fetched)).toEqual({ '1': 'page', '3': 'page', '4': 'absent' });
});

test('archived pages are absent where they are not wanted', async () => {
  const { source } = await startSource(cloudSite(cloudPages([cloudPage(1, '', { status: 'archived' })])), {
    archived: 'exclude',
  });

  expect(summary(await source.fetchPages(['1'], never))).toEqual({ '1': 'absent' });
});

test('confirm repeats what Confluence says of each id', async () => {
  const states = ['current', 'archived', 'trashed', 'draft', 'deleted'];
  const rows = states.map((status, index) => cloudPage(index + 1, '', { status }));
  const { source } = await startSource(cloudSite(cloudPages(rows)));

  const presences = await source.confirm(['1', '2', '3', '4', '5', '6', 'x'], never);

  expect(Object.fromEntries(presences)).toMatchObject({
    '1': { kind: 'live', spaceKey: 'HR', status: 'current' },
    '2': { kind: 'live', spaceKey: 'HR', status: 'archived' },
    '3': { kind: 'trashed' },
    '4': { kind: 'unclear' },
    '5': { kind: 'gone' },
    '6': { kind: 'gone' },
    x: { kind: 'unclear' },
  });
});

test.each<[string, string, readonly SiteAnswer[]]>([
  ['two 404 that name it', 'gone', [cloudNotFound('7'), cloudNotFound('7')]],
  ['one sporadic 404 that names it', 'live', [cloudNotFound('7')]],
  ['a 404 that names no page', 'unclear', [bare404]],
  ['a 404 that names another page', 'unclear', [cloudNotFound('77')]],
  [
    'a 404 that only repeats the path',
    'unclear',
    [{ status: 404, json: { message: 'no GET /wiki/api/v2/pages/7' } }],
  ],
  [
    'a 404 made by a proxy',
    'unclear',
    [{ status: 404, body: '<html>7</html>', headers: { 'content-type': 'text/html' } }],
  ],
  [
    'a 403',
    'unclear',
    [
      { status: 403, json: { message: 'page 7' } },
      { status: 403, json: {} },
    ],
  ],
  ['a server error', 'unclear', Array.from({ length: 9 }, () => ({ status: 500, json: {} }))],
])('S29 after %s the page is %s', async (_, kind, answers) => {
  const { source } = await startSource(
    cloudSite({
      [bulkPath]: () => cloudList([]),
      [`${bulkPath}/*`]: ({ nth }) => answers[nth] ?? { json: cloudPage(7) },
    }),
  );

  const presences = await source.confirm(['7'], never);

  expect(presences.get('7')?.kind).toBe(kind);
});

test('a page is listed as gone only when blog posts do not know it either', async () => {
  const { source } = await startSource(
    cloudSite({
      [bulkPath]: () => cloudList([]),
      '/wiki/api/v2/blogposts': () => cloudList([]),
      [`${bulkPath}/*`]: () => cloudNotFound('7'),
      '/wiki/api/v2/blogposts/7': () => ({ json: cloudPage(7) }),
    }),
    { contentTypes: ['page', 'blogpost'] },
  );

  const presences = await source.confirm(['7'], never);

  expect(presences.get('7')).toEqual({
    kind: 'live',
    spaceKey: 'HR',
    status: 'current',
    parentId: null,
  });
});

test('spaces are listed with their status, and a broken row leaves the list incomplete', async () => {
  const archived = { id: '2', key: '~ada', name: 'Ada', status: 'archived', icon: null };
  const { source } = await startSource(
    cloudSite({
      '/wiki/api/v2/spaces': ({ nth }) => cloudList(nth === 0 ? [hr, archived] : [hr, { id: '3' }]),
    }),
  );

  const whole = await source.listSpaces(never);
  const broken = await source.listSpaces(never);

  expect(whole).toEqual({
    spaces: [hr, { id: '2', key: '~ada', name: 'Ada', status: 'archived' }],
    complete: true,
    reason: null,
  });
  expect(broken).toMatchObject({ spaces: [hr], complete: false, reason: expect.any(String) });
});
