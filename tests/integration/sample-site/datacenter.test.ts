import { describe, expect, test } from '@jest/globals';
import { idsOf, listOf, serveSite, walkDataCenter, type Served } from './serve-site.ts';

const EXPAND = 'body.storage,version,history.lastUpdated,space,ancestors,metadata.labels';

describe.each(['', '/confluence', '/wiki/cf'])('Data Center under "%s"', (contextPath) => {
  const serve = (pages = 120): Promise<Served> => serveSite({ deployment: 'datacenter', contextPath, pages });

  test('tells a page in the recorded shape, with dates in its own zone', async () => {
    const { get, site, url } = await serve();
    const page = [...site.pages()].find(
      ({ title, parentId }) => parentId !== null && /^[\w -]+$/.test(title),
    );

    const { json } = await get(`/rest/api/content/${page?.id ?? ''}?expand=${EXPAND}`);

    expect(json).toMatchObject({
      id: page?.id,
      type: 'page',
      status: 'current',
      title: page?.title,
      space: { id: expect.any(Number) as unknown, key: page?.spaceKey, type: expect.any(String) as unknown },
      version: {
        number: page?.version,
        when: expect.stringMatching(/\.\d{3}\+10:00$/) as unknown,
        hidden: false,
      },
      body: { storage: { value: page?.storage, representation: 'storage' } },
      metadata: { labels: { results: [], size: 0 } },
      extensions: { position: 'none' },
      _links: { self: `${url}/rest/api/content/${page?.id ?? ''}`, base: url, context: contextPath },
    });
    expect(Date.parse(String(json['version']?.['when']))).toBe(page?.lastUpdated.getTime());
    expect(json['history']?.['lastUpdated']?.['when']).toBe(json['version']?.['when']);
    expect(listOf(json['ancestors']).at(-1)?.['id']).toBe(page?.parentId);
    expect(json['_expandable']).not.toHaveProperty('version');
    expect(`${url}${String(json['_links']?.['webui'])}`).toBe(page?.url);
  });

  test.each([1, 9, 200])(
    'gives every page once by scan, at limit %i, without its context path',
    async (limit) => {
      const served = await serve();

      const { json } = await served.get(`/rest/api/content/scan?limit=${limit}`);
      const rows = await walkDataCenter(served, `/rest/api/content/scan?limit=${limit}`);

      expect(json['cursor']).toBe('content:false:null');
      if (limit < 120) {
        const last = idsOf(listOf(json['results'])).at(-1) ?? '';
        expect(json['nextCursor']).toBe(`content:false:${last}`);
        expect(json['_links']?.['next']).toBe(
          `/rest/api/content/scan?cursor=content:false:${last}&limit=${limit}`,
        );
      }
      expect(idsOf(rows)).toEqual(Array.from(served.site.pages(), ({ id }) => id));
    },
  );

  test.each([1, 7, 1_000])('gives every page once by offset, at limit %i', async (limit) => {
    const served = await serve();
    for (const { id } of [...served.site.pages()].slice(20, 40)) served.site.edit.edit(id);
    served.site.edit.trash([...served.site.pages()][50]?.id ?? '');
    served.site.edit.create({ spaceKey: 'ENG' });

    const rows = await walkDataCenter(served, `/rest/api/content?limit=${limit}`);

    expect(idsOf(rows)).toEqual(Array.from(served.site.pages(), ({ id }) => id));
  });
});

describe('Data Center', () => {
  const serve = (pages = 120): Promise<Served> => serveSite({ deployment: 'datacenter', pages });

  test.each([
    [`limit=500&expand=${EXPAND}`, 50],
    ['limit=500&expand=version', 200],
    ['limit=5000', 300],
    ['', 25],
  ])('caps the limit silently for %s', async (query, expected) => {
    const { get } = await serve(300);

    const { json } = await get(`/rest/api/content?${query}`);

    expect(json['size']).toBe(expected);
    expect(json['results']).toHaveLength(expected);
  });

  test('shifts rows under an offset when a page goes, and not under a scan', async () => {
    const served = await serve();
    const all = Array.from(served.site.pages(), ({ id }) => id);
    const offset = await served.get('/rest/api/content?limit=10');
    const scan = await served.get('/rest/api/content/scan?limit=10');
    served.site.edit.trash(all[3] ?? '');

    const nextOffset = await served.get(String(offset.json['_links']?.['next']));
    const nextScan = await served.get(String(scan.json['_links']?.['next']));

    expect(idsOf(listOf(nextOffset.json['results']))[0]).toBe(all[11]);
    expect(idsOf(listOf(nextScan.json['results']))[0]).toBe(all[10]);
  });

  test('hides trash and archive unless asked, and 404 names the id', async () => {
    const served = await serve();
    const [a = '', b = ''] = Array.from(served.site.pages(), ({ id }) => id);
    served.site.edit.trash(a);
    served.site.edit.archive(b);

    const missing = await served.get(`/rest/api/content/${a}`);

    expect(missing.status).toBe(404);
    expect(missing.json['data']?.['errors']?.[0]?.['message']).toEqual({
      translation: `No content with id <ContentId{id=${a}}> can be found`,
      args: [],
    });
    expect((await served.get(`/rest/api/content/${a}?status=trashed`)).json['status']).toBe('trashed');
    expect((await served.get(`/rest/api/content/${a}?status=any`)).status).toBe(200);
    expect((await served.get(`/rest/api/content/${b}`)).status).toBe(404);
    expect(idsOf(await walkDataCenter(served, '/rest/api/content?status=trashed'))).toEqual([a]);
    expect(idsOf(await walkDataCenter(served, '/rest/api/content?status=archived&status=trashed'))).toEqual([
      a,
      b,
    ]);
  });

  test('finds by CQL to the minute, in the server’s zone', async () => {
    const served = await serve(300);
    const pages = [...served.site.pages()].filter(({ spaceKey }) => spaceKey === 'ENG');
    const bound = pages[20]?.lastUpdated.getTime() ?? 0;
    const local = new Date(bound + 10 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
    const cql = encodeURIComponent(`space = ENG and lastmodified >= "${local}" order by lastmodified desc`);

    const rows = idsOf(await walkDataCenter(served, `/rest/api/content/search?cql=${cql}&limit=9`));

    expect(rows).toEqual(
      pages
        .slice(20)
        .map(({ id }) => id)
        .reverse(),
    );
    expect((await served.get('/rest/api/content/search?cql=status%3Dcurrent')).status).toBe(400);
  });

  test('lists and shows spaces with a number for an id', async () => {
    const served = await serve(300);

    const rows = await walkDataCenter(served, '/rest/api/space?limit=2');

    expect(rows.map((row) => row['key'])).toEqual(served.site.spaces().map(({ key }) => key));
    expect(rows.map((row) => String(row['id']))).toEqual(served.site.spaces().map(({ id }) => id));
    expect(typeof rows[0]?.['id']).toBe('number');
    expect((await served.get('/rest/api/space/eng')).json['key']).toBe('ENG');
    expect((await served.get('/rest/api/space/NOPE')).status).toBe(404);
    expect((await served.get('/rest/api/space?status=archived')).json['size']).toBe(1);
  });

  test('tells who asks, and its version only to those it knows', async () => {
    const { get } = await serveSite({ deployment: 'datacenter', credentials: { token: 'secret' } });
    const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

    const known = await get('/rest/api/user/current', bearer('secret'));
    const wrong = await get('/rest/api/user/current', bearer('other'));
    const nobody = await get('/rest/api/user/current');

    expect(known.json).toMatchObject({ type: 'known', userKey: expect.any(String) as unknown });
    expect(wrong.status).toBe(401);
    expect(wrong.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
    expect(nobody.json['type']).toBe('anonymous');
    expect(nobody.json).not.toHaveProperty('userKey');
    expect((await get('/rest/api/server-information', bearer('secret'))).json['version']).toMatch(
      /^\d+\.\d+/,
    );
    expect((await get('/rest/api/server-information')).status).toBe(401);
    expect((await get('/rest/api/content')).json['results']).toEqual([]);
  });
});
