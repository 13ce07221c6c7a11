import type { Space } from '../../../src/sync/page.ts';
import type { SiteAnswer, SiteRequest, SiteRoutes } from '../../support/scripted-site.ts';

/** The one space of the scripted Cloud. */
export const hr: Space = { id: '98308', key: 'HR', name: 'People', status: 'current' };

/** A page row as Cloud's v2 lists give it. */
export function cloudRow(id: number | string, change: object = {}): Record<string, unknown> {
  return {
    parentType: null,
    parentId: null,
    createdAt: '2026-03-19T14:23:47.640Z',
    authorId: '712020:1',
    version: { number: 1, message: '', minorEdit: false, createdAt: '2026-03-19T14:23:48.556Z' },
    spaceId: hr.id,
    status: 'current',
    body: {},
    title: `Page ${id}`,
    id: String(id),
    _links: { webui: `/spaces/HR/pages/${id}/Page`, tinyui: '/x/YIAB' },
    ...change,
  };
}

/** A row with a body. */
export function cloudPage(id: number | string, storage: string | null = `<p>${id}</p>`, change: object = {}) {
  return cloudRow(id, { body: { storage: { representation: 'storage', value: storage } }, ...change });
}

/** A v2 list; with `next` there is more behind that cursor. */
export function cloudList(rows: readonly unknown[], next?: string): SiteAnswer {
  const more = next === undefined ? {} : { next: `/wiki/api/v2/spaces/98308/pages?limit=2&cursor=${next}` };
  return { json: { results: rows, _links: { ...more, base: 'https://people.example.com/wiki' } } };
}

/** A Cloud that knows its user and one space; `routes` adds to it or takes over. */
export function cloudSite(routes: SiteRoutes): SiteRoutes {
  return {
    '/_edge/tenant_info': () => ({ json: { cloudId: 'a1b2' } }),
    '/wiki/rest/api/user/current': () => ({
      json: { type: 'known', accountId: '712020:1', displayName: 'Ada' },
    }),
    '/wiki/api/v2/spaces': () => cloudList([hr]),
    '/wiki/api/v2/spaces/98308': () => ({ json: hr }),
    ...routes,
  };
}

/** A v2 list of pages, its bulk form and its single form over a fixed set of rows, as the real one answers. */
export function cloudPages(rows: readonly Record<string, unknown>[], size = 250): SiteRoutes {
  const one = ({ path }: SiteRequest): SiteAnswer => {
    const id = path.split('/').at(-1) ?? '';
    const row = rows.find((candidate) => candidate['id'] === id);
    return row === undefined ? cloudNotFound(id) : { json: row };
  };
  return {
    '/wiki/api/v2/spaces/98308/pages': ({ query }) => {
      const from = Number(query.get('cursor') ?? '0');
      const to = from + Math.min(size, Number(query.get('limit')));
      return cloudList(rows.slice(from, to), to < rows.length ? String(to) : undefined);
    },
    '/wiki/api/v2/pages': ({ query }) => {
      const ids = (query.get('id') ?? '').split(',');
      const statuses = query.getAll('status');
      return cloudList(
        rows.filter((row) => ids.includes(String(row['id'])) && statuses.includes(String(row['status']))),
      );
    },
    '/wiki/api/v2/pages/*': one,
  };
}

/** Cloud's 404 that names the page. */
export function cloudNotFound(id: string): SiteAnswer {
  const title = `Cannot find a page with id [${id}]`;
  return { status: 404, json: { errors: [{ status: 404, code: 'NOT_FOUND', title, detail: null }] } };
}

/** Cloud's 404 to credentials that are no longer valid. */
export const bare404: SiteAnswer = {
  status: 404,
  json: { errors: [{ status: 404, code: 'NOT_FOUND', title: 'Not Found', detail: null }] },
};
