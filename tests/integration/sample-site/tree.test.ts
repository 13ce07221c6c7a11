import { describe, expect, test } from '@jest/globals';
import { idsOf, listOf, serveSite, walkCloud, type Json, type Served } from './serve-site.ts';

const rowsOf = async (served: Served, path: string): Promise<Json[]> =>
  listOf((await served.get(path)).json['results']);

/** A page in a folder that lies below a page which itself lies below another. */
async function serveFolder() {
  const served = await serveSite({ pages: 200, spaces: 2 });
  const pages = [...served.site.pages()];
  const within = pages[96];
  if (within?.parentId == null) throw new Error('no page lies in a folder');
  const { json: folder } = await served.get(`/api/v2/folders/${within.parentId}`);
  return { served, pages, within, folder };
}

describe('the page tree on Cloud', () => {
  test('a page’s ancestors come with the topmost first, its folder among them, and not the page itself', async () => {
    const { served, within, folder, pages } = await serveFolder();

    const rows = await rowsOf(served, `/api/v2/pages/${within.id}/ancestors`);

    expect(rows.at(-1)).toEqual({ id: within.parentId, type: 'folder' });
    expect(rows.at(-2)).toEqual({ id: folder['parentId'], type: 'page' });
    expect(rows[0]).toEqual({ id: pages[0]?.id, type: 'page' });
    expect(idsOf(rows)).not.toContain(within.id);
  });

  test('with a limit the nearest ancestors come', async () => {
    const { served, within, folder } = await serveFolder();

    const rows = await rowsOf(served, `/api/v2/pages/${within.id}/ancestors?limit=2`);

    expect(idsOf(rows)).toEqual([String(folder['parentId']), String(within.parentId)]);
  });

  test('a folder tells its parent, has ancestors and children, and 404 names the id of one that is not there', async () => {
    const { served, within, folder } = await serveFolder();

    const children = await rowsOf(served, `/api/v2/folders/${String(within.parentId)}/direct-children`);
    const ancestors = await rowsOf(served, `/api/v2/folders/${String(within.parentId)}/ancestors`);
    const missing = await served.get('/api/v2/folders/7/ancestors');

    expect(folder).toMatchObject({ type: 'folder', status: 'current', parentType: 'page' });
    expect(idsOf(children)).toEqual([within.id]);
    expect(ancestors.at(-1)).toEqual({ id: folder['parentId'], type: 'page' });
    expect(missing.status).toBe(404);
    expect(missing.text).toContain('[7]');
  });

  test('direct children come page by page, and are exactly what names the page as its parent', async () => {
    const { served, pages } = await serveFolder();
    const home = pages[0]?.id ?? '';

    const rows = await walkCloud(served, `/api/v2/pages/${home}/direct-children?limit=3`);

    expect(idsOf(rows.filter(({ type }) => String(type) === 'page'))).toEqual(
      pages.filter(({ parentId }) => parentId === home).map(({ id }) => id),
    );
    expect(rows[0]).toMatchObject({ status: 'current', spaceId: expect.any(String) as unknown });
  });

  test('descendants end at the depth asked for, and say nothing about what lies deeper', async () => {
    const { served, pages } = await serveFolder();
    const home = pages[0]?.id ?? '';

    const two = await walkCloud(served, `/api/v2/pages/${home}/descendants?limit=7`);
    const all = await walkCloud(served, `/api/v2/pages/${home}/descendants?limit=250&depth=10`);

    expect(two.every(({ depth }) => Number(depth) <= 2)).toBe(true);
    expect(two.length).toBeLessThan(all.length);
    expect(all.filter(({ type }) => String(type) === 'page')).toHaveLength(99);
    expect((await served.get(`/api/v2/pages/${home}/descendants?depth=11`)).status).toBe(400);
  });

  test('a page moved into a folder, and a folder moved away, take what is below them along', async () => {
    const { served, pages, within } = await serveFolder();
    const other = pages[1]?.id ?? '';
    const [below] = pages.filter(({ parentId }) => parentId === pages[8]?.id);
    served.site.edit.move(below?.id ?? '', within.parentId);
    served.site.edit.move(within.parentId ?? '', other);

    const rows = await rowsOf(served, `/api/v2/pages/${below?.id ?? ''}/ancestors`);

    expect(idsOf(rows)).toEqual([other, within.parentId]);
  });

  test('a circle of parents ends', async () => {
    const { served, pages } = await serveFolder();
    const [a = '', b = ''] = pages.slice(10, 12).map(({ id }) => id);
    served.site.edit.move(a, b);
    served.site.edit.move(b, a);

    expect(idsOf(await rowsOf(served, `/api/v2/pages/${a}/ancestors`))).toEqual([b]);
  });

  test('a page that may not be seen has no tree', async () => {
    const { served, pages } = await serveFolder();
    served.site.faults.add(`forbidden_space:space=${pages[0]?.spaceKey ?? ''}`);

    expect((await served.get(`/api/v2/pages/${pages[0]?.id ?? ''}/ancestors`)).status).toBe(404);
  });
});

test.each(['cloud', 'datacenter'] as const)('%s finds what lies below a page by CQL', async (deployment) => {
  const served = await serveSite({ deployment, pages: 200, spaces: 2 });
  const [home] = [...served.site.pages()];
  const cql = encodeURIComponent(`ancestor = ${home?.id ?? ''} and type = page order by lastmodified desc`);

  const rows = await rowsOf(served, `/rest/api/content/search?cql=${cql}&limit=250`);

  expect(idsOf(rows)).not.toContain(home?.id);
  expect(rows.length).toBeGreaterThan(90);
});
