import type { Space } from '../../../src/sync/page.ts';
import type { SiteAnswer, SiteRequest, SiteRoutes } from '../../support/scripted-site.ts';

/** The one space of the scripted Data Center. */
export const eng: Space = { id: '119963668', key: 'ENG', name: 'Engineering', status: 'current' };

/** Content as Data Center gives it with everything expanded. */
export function serverRow(id: number | string, change: object = {}): Record<string, unknown> {
  return {
    id: String(id),
    type: 'page',
    status: 'current',
    title: `Page ${id}`,
    space: {
      id: 119963668,
      key: 'ENG',
      name: 'Engineering',
      type: 'global',
      _links: { webui: '/display/ENG' },
    },
    history: { latest: true, createdDate: '2024-10-30T15:58:05.590Z' },
    version: {
      by: { type: 'known', username: 'ada', userKey: '2c9239b9', displayName: 'Ada' },
      when: '2024-10-30T16:29:18.318+10:00',
      message: '',
      number: 2,
      minorEdit: false,
      hidden: false,
    },
    ancestors: [
      { id: '5', type: 'page', title: 'Home', extensions: { position: 'none' } },
      { id: '6', type: 'page', title: 'Below' },
    ],
    body: { storage: { value: `<p>${id}</p>`, representation: 'storage' }, _expandable: { view: '' } },
    extensions: { position: 'none' },
    _links: {
      webui: `/display/ENG/Page+${id}`,
      base: 'http://localhost:8090',
      context: '',
      self: `http://localhost:8090/rest/api/content/${id}`,
    },
    ...change,
  };
}

/** A server with one space and the given content; the context path stands before every route. */
export function dataCenter(
  context: string,
  rows: readonly Record<string, unknown>[],
  routes: SiteRoutes = {},
): SiteRoutes {
  const own: SiteRoutes = {
    '/rest/api/server-information': () => ({ json: { version: '9.2.1', baseUrl: 'http://localhost:8090' } }),
    '/rest/api/user/current': () => ({
      json: { type: 'known', username: 'ada', userKey: '2c92', displayName: 'Ada' },
    }),
    '/rest/api/space': (request) => offsetList([{ ...eng, id: 119963668 }], request),
    '/rest/api/space/ENG': () => ({ json: eng }),
    '/rest/api/content/scan': (request) => scanList(rows, request),
    '/rest/api/content/*': ({ path, query }) => one(rows, path.split('/').at(-1) ?? '', query.get('status')),
    ...routes,
  };
  return Object.fromEntries(Object.entries(own).map(([path, answer]) => [`${context}${path}`, answer]));
}

/** The scan's cursor form, capped as the server caps it. */
export function scanList(rows: readonly Record<string, unknown>[], { query }: SiteRequest): SiteAnswer {
  const after = query.get('cursor') ?? 'content:false:null';
  const from = rows.findIndex((row) => after.endsWith(`:${String(row['id'])}`)) + 1;
  const cap = Math.min(Number(query.get('limit')), query.get('expand')?.includes('body') === true ? 50 : 200);
  const shown = rows.slice(from, from + cap);
  const more = from + cap < rows.length;
  const nextCursor = `content:false:${String(shown.at(-1)?.['id'])}`;
  return {
    json: {
      results: shown,
      cursor: after,
      limit: cap,
      size: shown.length,
      ...(more && { nextCursor }),
      _links: {
        base: 'http://localhost:8090',
        context: '',
        ...(more && { next: `/rest/api/content/scan?cursor=${nextCursor}&limit=${cap}` }),
      },
    },
  };
}

/** The offset form of lists; `cap` is the server's silent limit. */
export function offsetList(rows: readonly unknown[], { query }: SiteRequest, cap = 200): SiteAnswer {
  const start = Number(query.get('start') ?? '0');
  const limit = Math.min(Number(query.get('limit') ?? '25'), cap);
  const shown = rows.slice(start, start + limit);
  const next = start + limit < rows.length ? { next: `/rest/api/content?start=${start + limit}` } : {};
  return {
    json: {
      results: shown,
      start,
      limit,
      size: shown.length,
      _links: { ...next, base: 'http://localhost:8090' },
    },
  };
}

function one(rows: readonly Record<string, unknown>[], id: string, status: string | null): SiteAnswer {
  const row = rows.find((candidate) => candidate['id'] === id);
  return row === undefined || row['status'] !== (status ?? 'current') ? serverNotFound(id) : { json: row };
}

/** Data Center's own 404. */
export function serverNotFound(id: string): SiteAnswer {
  const translation = `No content with id <ContentId{id=${id}}> can be found`;
  return {
    status: 404,
    json: {
      statusCode: 404,
      data: {
        authorized: false,
        valid: false,
        errors: [{ message: { translation, args: [] } }],
        successful: false,
      },
      message: `com.atlassian.confluence.api.service.exceptions.NotFoundException: ${translation}`,
    },
  };
}
