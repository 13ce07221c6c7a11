import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Confluence of one space and any number of pages, none of which is kept: each answer is made when it is asked for. */
export type EndlessSite = Readonly<{ url: string; requests: () => number; close: () => Promise<void> }>;

/** What it serves. */
export type EndlessOptions = Readonly<{
  deployment: 'cloud' | 'datacenter';
  pages: number;
  /** Characters of a page's body. */
  bodyLength?: number;
}>;

type Asked = Readonly<{ path: string; query: URLSearchParams; options: EndlessOptions }>;

const SPACE_ID = '98308';
/** What the servers grant at most, with bodies and without. */
const CAPS = { cloud: { heads: 250, bodies: 250 }, datacenter: { heads: 200, bodies: 50 } };

/** Serves the pages on loopback. */
export async function startEndlessSite(options: EndlessOptions): Promise<EndlessSite> {
  let requests = 0;
  const server = createServer((message, response) => {
    requests++;
    const { pathname: path, searchParams: query } = new URL(message.url ?? '/', 'http://site');
    send(response, answerTo({ path, query, options }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, text: string | null): void {
  const status = text === null ? 404 : 200;
  response.writeHead(status, { 'content-type': 'application/json' }).end(text ?? '{"message":"not found"}');
}

function answerTo(asked: Asked): string | null {
  const { path, query } = asked;
  if (path.endsWith('/rest/api/user/current'))
    return JSON.stringify({ type: 'known', accountId: 'a1', userKey: 'a1', displayName: 'Ada' });
  return asked.options.deployment === 'cloud' ? cloudAnswer(path, query, asked) : serverAnswer(path, asked);
}

function cloudAnswer(path: string, query: URLSearchParams, asked: Asked): string | null {
  switch (path) {
    case '/_edge/tenant_info':
      return '{"cloudId":"c1"}';
    case '/wiki/api/v2/spaces':
      return JSON.stringify({
        results: [{ id: SPACE_ID, key: 'BIG', name: 'Big', status: 'current' }],
        _links: {},
      });
    case `/wiki/api/v2/spaces/${SPACE_ID}/pages`:
      return listOf(asked, query.get('body-format') !== null);
    case '/wiki/api/v2/pages':
      return query.has('id')
        ? wrap((query.get('id') ?? '').split(',').map((id) => rowOf(asked, Number(id), true)))
        : newest(asked);
    default:
      return null;
  }
}

function serverAnswer(path: string, asked: Asked): string | null {
  switch (path) {
    case '/rest/api/server-information':
      return '{"version":"9.2.1"}';
    case '/rest/api/space':
      return JSON.stringify({
        results: [{ id: 98308, key: 'BIG', name: 'Big', status: 'current' }],
        limit: 100,
        size: 1,
      });
    case '/rest/api/content/scan':
      if (asked.query.get('status') === 'archived') return wrap([]);
      return listOf(asked, (asked.query.get('expand') ?? '').includes('body.storage'));
    case '/rest/api/content/search':
      return newest(asked);
    default:
      return null;
  }
}

/** One answer of the list by id; its cursor is the last id. */
function listOf(asked: Asked, bodies: boolean): string {
  const { query, options } = asked;
  const cap = CAPS[options.deployment][bodies ? 'bodies' : 'heads'];
  const from = Number(query.get('cursor') ?? '0');
  const to = Math.min(options.pages, from + Math.min(cap, Number(query.get('limit') ?? '25')));
  const rows = Array.from({ length: to - from }, (_, index) => rowOf(asked, from + index + 1, bodies));
  return wrap(rows, to < options.pages ? `${asked.path}?cursor=${to}` : undefined);
}

/** The list by time shows its newest page alone: the watermark needs no more. */
function newest(asked: Asked): string {
  return wrap([rowOf(asked, asked.options.pages, false)]);
}

function wrap(rows: readonly string[], next?: string): string {
  const links = next === undefined ? '{}' : JSON.stringify({ next });
  return `{"results":[${rows.join(',')}],"size":${rows.length},"_links":${links}}`;
}

function rowOf({ options }: Asked, number: number, bodies: boolean): string {
  const id = String(number);
  const moment = new Date(Date.UTC(2020, 0, 1) + number * 1000).toISOString();
  const value = `<p>Page ${id}</p>`.padEnd(options.bodyLength ?? 0, `<p>words of ${id}</p>`);
  const body = bodies ? { storage: { value, representation: 'storage' } } : {};
  const shared = { id, status: 'current', title: `Page ${id}`, body };
  const own =
    options.deployment === 'cloud'
      ? { spaceId: SPACE_ID, parentId: null, version: { number: 1, createdAt: moment } }
      : { type: 'page', space: { key: 'BIG' }, ancestors: [], version: { number: 1, when: moment } };
  return JSON.stringify({ ...shared, ...own, _links: { webui: `/spaces/BIG/pages/${id}` } });
}
