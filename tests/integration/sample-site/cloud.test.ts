import { describe, expect, test } from '@jest/globals';
import { compareIds } from '../../../src/sample-site/state/compare-ids.ts';
import { idsOf, listOf, serveSite, textOf, walkCloud } from './serve-site.ts';

describe('Cloud', () => {
  test('says on its edge which site it is, without credentials', async () => {
    const { get, origin, gatewayUrl } = await serveSite({ credentials: { user: 'a@b.c', secret: 's' } });

    const { status, json } = await get(`${origin}/_edge/tenant_info`);

    expect(status).toBe(200);
    expect(`${origin}/ex/confluence/${String(json['cloudId'])}`).toBe(gatewayUrl);
  });

  test('tells a page in the recorded shape', async () => {
    const { get, site, url } = await serveSite();
    const [first, second] = [...site.pages()];

    const { json, headers } = await get('/api/v2/pages?limit=2&body-format=storage');

    expect(json['results']?.[1]).toEqual({
      parentType: null,
      parentId: null,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
      ownerId: expect.any(String) as unknown,
      lastOwnerId: null,
      authorId: expect.any(String) as unknown,
      position: expect.any(Number) as unknown,
      version: {
        number: second?.version,
        message: '',
        minorEdit: false,
        authorId: expect.any(String) as unknown,
        createdAt: second?.lastUpdated.toISOString(),
        ncsStepVersion: null,
      },
      spaceId: '2147483874',
      status: 'current',
      body: { storage: { representation: 'storage', value: second?.storage } },
      title: second?.title,
      id: second?.id,
      _links: {
        editui: `/pages/resumedraft.action?draftId=${second?.id ?? ''}`,
        webui: second?.url.slice(url.length),
        edituiv2: expect.stringContaining('/pages/edit-v2/') as unknown,
        tinyui: expect.stringMatching(/^\/x\//) as unknown,
      },
    });
    expect(json['results']?.[0]?.['id']).toBe(first?.id);
    expect(json['_links']?.['base']).toBe(url);
    expect(textOf(json['_links']?.['next'])).toMatch(
      /^\/wiki\/api\/v2\/pages\?limit=2&body-format=storage&cursor=/,
    );
    expect(headers.get('link')).toBe(
      `<${String(json['_links']?.['next'])}>; rel="next", <${url}>; rel="base"`,
    );
    expect(headers.get('content-type')).toContain('application/json');
  });

  test('leaves the body empty unless one is asked for, and adds the base to a single page', async () => {
    const { get, url } = await serveSite();

    const { json } = await get('/api/v2/pages/2200000001?include-version=false');

    expect(json['body']).toEqual({});
    expect(json['version']).toBeUndefined();
    expect(json['_links']?.['base']).toBe(url);
  });

  test('lists spaces of every kind, archived ones too, with null where the spec allows none', async () => {
    const { get } = await serveSite({ pages: 500, spaces: 6 });

    const { json } = await get('/api/v2/spaces');
    const spaces = listOf(json['results']);

    expect(spaces).toHaveLength(6);
    expect(spaces.map((space) => space['type'])).toContain('personal');
    expect(spaces.at(-1)?.['status']).toBe('archived');
    expect(spaces[1]?.['key']).toMatch(/^~712020[0-9a-f]{32}$/);
    expect(spaces[0]).toMatchObject({
      icon: null,
      description: null,
      currentActiveAlias: 'ENG',
      id: '2147483777',
    });
    expect((await get('/api/v2/spaces?keys=eng,NOPE')).json['results']).toHaveLength(1);
    expect((await get('/api/v2/spaces?status=archived')).json['results']).toHaveLength(1);
    expect((await get(`/api/v2/spaces/${String(spaces[2]?.['id'])}`)).json['key']).toBe(spaces[2]?.['key']);
    expect((await get('/api/v2/spaces/123')).status).toBe(404);
  });

  test.each([1, 7, 25, 250])(
    'gives every live page once, by ascending id, at limit %i',
    async (limit) => {
      const served = await serveSite({ pages: 620 });

      const rows = idsOf(await walkCloud(served, `/api/v2/pages?limit=${limit}`));

      expect(rows).toEqual(Array.from(served.site.pages(), ({ id }) => id));
      expect(rows).toEqual([...rows].sort(compareIds));
    },
    120_000,
  );

  test.each([
    'id',
    '-id',
    'modified-date',
    '-modified-date',
    'created-date',
    '-created-date',
    'title',
    '-title',
  ])('gives every page once when sorted by %s, edited ones among them', async (sort) => {
    const served = await serveSite({ pages: 300 });
    const before = Array.from(served.site.pages(), ({ id }) => id);
    for (const id of before.slice(10, 60)) served.site.edit.edit(id);
    for (const id of before.slice(60, 70)) served.site.edit.rename(id);
    served.site.edit.create({ spaceKey: 'ENG', title: 'New' });

    const rows = idsOf(await walkCloud(served, `/api/v2/pages?limit=17&sort=${sort}`));

    expect(rows).toHaveLength(301);
    expect(new Set(rows)).toEqual(new Set(Array.from(served.site.pages(), ({ id }) => id)));
  });

  test('sorts by the time of the last version, newest first', async () => {
    const served = await serveSite({ pages: 90 });
    served.site.edit.edit('2200000001');

    const rows = await walkCloud(served, '/api/v2/pages?sort=-modified-date');
    const times = rows.map((row) => Date.parse(String(row['version']?.['createdAt'])));

    expect(rows[0]?.['id']).toBe('2200000001');
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  test('lists a space’s pages and nothing else, and 404 for a space that is not there', async () => {
    const served = await serveSite({ pages: 300, spaces: 4 });
    const space = served.site.spaces()[2];

    const rows = await walkCloud(served, `/api/v2/spaces/${space?.id ?? ''}/pages?limit=20`);

    expect(idsOf(rows)).toEqual(
      [...served.site.pages()].filter((page) => page.spaceKey === space?.key).map(({ id }) => id),
    );
    expect((await served.get('/api/v2/spaces/99/pages')).status).toBe(404);
    expect(idsOf(await walkCloud(served, `/api/v2/pages?space-id=${space?.id ?? ''}&limit=50`))).toEqual(
      idsOf(rows),
    );
  });

  test('shows archived pages by default and those in the trash only when asked', async () => {
    const served = await serveSite();
    const [a = '', b = '', c = ''] = Array.from(served.site.pages(), ({ id }) => id);
    served.site.edit.archive(a);
    served.site.edit.trash(b);
    served.site.edit.purge(c);

    const usual = idsOf(await walkCloud(served, '/api/v2/pages'));

    expect(usual).toContain(a);
    expect(usual).not.toContain(b);
    expect(idsOf(await walkCloud(served, '/api/v2/pages?status=trashed'))).toEqual([b]);
    expect(idsOf(await walkCloud(served, '/api/v2/pages?status=trashed,archived&limit=1'))).toEqual([a, b]);
    expect(idsOf(await walkCloud(served, '/api/v2/pages?status=trashed&status=archived'))).toEqual([a, b]);
    expect(idsOf(await walkCloud(served, '/api/v2/pages?status=deleted'))).toEqual([]);
    expect((await served.get(`/api/v2/pages/${b}`)).json).toMatchObject({
      status: 'trashed',
      parentId: null,
      position: null,
    });
    expect((await served.get(`/api/v2/pages/${b}?status=current`)).status).toBe(404);
    expect((await served.get(`/api/v2/pages/${c}`)).json['errors']?.[0]).toEqual({
      status: 404,
      code: 'NOT_FOUND',
      title: `Cannot find a page with id [${c}]`,
      detail: null,
    });
  });

  test('fetches pages by id, by commas and by repetition, and leaves out what is not there', async () => {
    const served = await serveSite();
    const ids = Array.from(served.site.pages(), ({ id }) => id).slice(0, 60);

    const commas = await walkCloud(served, `/api/v2/pages?id=${[...ids, '77', ids[0]].join(',')}`);
    const repeated = await walkCloud(served, `/api/v2/pages?limit=250&id=${ids.join('&id=')}`);

    expect(idsOf(commas)).toEqual(ids);
    expect(idsOf(repeated)).toEqual(ids);
  });

  test('finds a title whatever its letter case', async () => {
    const { get, site } = await serveSite();
    const page = [...site.pages()][33];

    const { json } = await get(`/api/v2/pages?title=${encodeURIComponent(page?.title.toUpperCase() ?? '')}`);

    expect(idsOf(listOf(json['results']))).toEqual([page?.id]);
  });

  test.each([
    ['/api/v2/pages?limit=0', 'limit'],
    ['/api/v2/pages?limit=251', 'limit'],
    ['/api/v2/pages?limit=ten', 'limit'],
    ['/api/v2/pages?status=draft', 'status'],
    ['/api/v2/pages?body-format=view', 'body-format'],
    ['/api/v2/pages?sort=popularity', 'sort'],
    ['/api/v2/pages?id=Docs', 'id'],
    ['/api/v2/pages?id=9223372036854775808', 'id'],
    [`/api/v2/pages?id=${Array.from({ length: 251 }, (_, at) => at + 1).join(',')}`, 'id'],
    ['/api/v2/pages?cursor=nonsense', 'cursor'],
    ['/api/v2/pages/Docs', 'id'],
    ['/api/v2/blogposts?sort=title', 'sort'],
    ['/api/v2/blogposts?status=archived', 'status'],
  ])('refuses %s in the shape of v2', async (path, name) => {
    const { get } = await serveSite();

    const { status, json } = await get(path);

    expect(status).toBe(400);
    expect(json['errors']?.[0]).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST_PARAMETER',
      detail: null,
    });
    expect(json['errors']?.[0]?.['title']).toContain(`'${name}'`);
  });

  test('ignores parameters it does not know, and `start` among them', async () => {
    const { get } = await serveSite();

    const first = await get('/api/v2/pages?limit=3');
    const other = await get('/api/v2/pages?limit=3&start=3&colour=red');

    expect(idsOf(listOf(other.json['results']))).toEqual(idsOf(listOf(first.json['results'])));
  });

  test('shows blog posts apart from pages, without a place in the tree', async () => {
    const served = await serveSite({ blogposts: 30 });

    const posts = await walkCloud(served, '/api/v2/blogposts?limit=4');
    const pages = await walkCloud(served, '/api/v2/pages?limit=250');

    expect(posts).toHaveLength(30);
    expect(pages).toHaveLength(120);
    expect(Object.keys(posts[0] ?? {})).not.toContain('parentId');
    expect(posts[5]?.['_links']?.['webui']).toMatch(/^\/spaces\/.+\/blog\/\d{4}\/\d\d\/\d\d\/\d+\//);
    expect((await served.get(`/api/v2/blogposts/${String(posts[3]?.['id'])}`)).status).toBe(200);
    expect((await served.get(`/api/v2/pages/${String(posts[3]?.['id'])}`)).status).toBe(404);
  });

  test('says of each id what it is', async () => {
    const { get, site } = await serveSite({ blogposts: 2 });
    const [page, trashed, purged] = [...site.pages()];
    const post = [...site.pages()].find(({ type }) => type === 'blogpost');
    site.edit.trash(trashed?.id ?? '');
    site.edit.purge(purged?.id ?? '');
    const contentIds = [page?.id, trashed?.id, purged?.id, post?.id, Number(page?.id), '1'];

    const { json } = await get('/api/v2/content/convert-ids-to-types', {
      method: 'POST',
      body: JSON.stringify({ contentIds }),
    });

    expect(json['results']).toEqual({
      [page?.id ?? '']: 'page',
      [trashed?.id ?? '']: 'page',
      [purged?.id ?? '']: null,
      [post?.id ?? '']: 'blogpost',
      1: null,
    });
  });

  test('answers the same behind the gateway, links of the site included', async () => {
    const { get, gatewayUrl, url } = await serveSite();

    const { json, status } = await get(`${gatewayUrl ?? ''}/wiki/api/v2/pages?limit=1`);

    expect(status).toBe(200);
    expect(json['_links']?.['base']).toBe(url);
    expect(json['_links']?.['next']).toMatch(/^\/wiki\/api\/v2\/pages/);
    expect((await get(`${gatewayUrl?.slice(0, -1) ?? ''}/wiki/api/v2/pages`)).status).toBe(404);
  });

  test.each([
    '/rest/api/content',
    '/rest/api/content/1',
    '/rest/api/content/1/child/page',
    '/rest/api/space/ENG',
  ])('says of the removed %s that it is gone', async (path) => {
    const { get } = await serveSite();

    const { status, json } = await get(path);

    expect(status).toBe(410);
    expect(json['message']).toContain('GoneException');
  });

  test('finds by CQL with cursors, without pages that are archived or lie in archived spaces', async () => {
    const { get, site, url } = await serveSite({ pages: 300, spaces: 4 });
    const pages = [...site.pages()];
    site.edit.archive(pages[8]?.id ?? '');
    const archivedSpace = site.spaces()[3]?.key;
    const found: string[] = [];
    let next: string | undefined =
      `/rest/api/content/search?cql=${encodeURIComponent('type=page order by lastmodified desc')}&limit=33&expand=version`;
    while (next !== undefined) {
      const { json } = await get(`${url}${next}`);
      found.push(...idsOf(listOf(json['results'])));
      next = textOf(json['_links']?.['next']);
    }

    expect(new Set(found)).toEqual(
      new Set(
        pages
          .filter((page) => page.spaceKey !== archivedSpace && page !== pages[8] && page.status === 'current')
          .map(({ id }) => id),
      ),
    );
    expect(new Set(found).size).toBe(found.length);
  });

  test('lets in whoever has the credentials, and tells who that is', async () => {
    const { get } = await serveSite({ credentials: { user: 'jo@example.com', secret: 'token' } });
    const basic = (text: string): RequestInit => ({
      headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` },
    });

    const known = await get('/rest/api/user/current', basic('jo@example.com:token'));
    const wrong = await get('/api/v2/pages', basic('jo@example.com:other'));
    const nobody = await get('/api/v2/pages');

    expect(known.json).toMatchObject({ type: 'known', displayName: 'jo@example.com' });
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get('content-type')).toContain('text/html');
    expect(nobody.json['results']).toEqual([]);
    expect((await get('/rest/api/user/current')).json['type']).toBe('anonymous');
    expect((await get('/api/v2/pages/2200000001')).status).toBe(404);
  });
});
