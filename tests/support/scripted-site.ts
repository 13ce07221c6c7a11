import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** One request as a script sees it. */
export type SiteRequest = Readonly<{
  method: string;
  path: string;
  query: URLSearchParams;
  headers: http.IncomingHttpHeaders;
  body: string;
  /** How many requests came before this one to the same path. */
  nth: number;
  atMs: number;
}>;

/** What a script answers: JSON of any value with status 200, a whole answer, or full control over the connection. */
export type SiteAnswer =
  | Readonly<{ json: unknown; status?: number; headers?: http.OutgoingHttpHeaders }>
  | Readonly<{ body: string | Uint8Array; status?: number; headers?: http.OutgoingHttpHeaders }>
  | ((response: http.ServerResponse, socket: Socket) => void);

/** Answers a path; a path ending in a star answers everything below it. */
export type SiteRoutes = Readonly<Record<string, (request: SiteRequest) => SiteAnswer>>;

/** A running script. */
export type ScriptedSite = Readonly<{
  origin: string;
  host: string;
  requests: readonly SiteRequest[];
  /** The requests whose path is, or starts with, this one. */
  to: (path: string) => readonly SiteRequest[];
  close: () => Promise<void>;
}>;

/** Serves a script on loopback; unknown paths get an HTML 404. */
export async function startScriptedSite(routes: SiteRoutes): Promise<ScriptedSite> {
  const requests: SiteRequest[] = [];
  const serve = async (message: http.IncomingMessage, response: http.ServerResponse) => {
    const body = message.method === 'GET' ? '' : await text(message);
    const { pathname: path, searchParams: query } = new URL(message.url ?? '/', 'http://site');
    const nth = requests.filter((request) => request.path === path).length;
    const { method = '', headers } = message;
    const request = { method, path, query, headers, body, nth, atMs: performance.now() };
    requests.push(request);
    answer(routeOf(routes, path)(request), response, message.socket);
  };
  const server = http.createServer((message, response) => {
    void serve(message, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    requests,
    to: (path) => requests.filter((request) => request.path === path || request.path.startsWith(`${path}/`)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function routeOf(routes: SiteRoutes, path: string): (request: SiteRequest) => SiteAnswer {
  const stars = Object.keys(routes).filter(
    (route) => route.endsWith('*') && path.startsWith(route.slice(0, -1)),
  );
  const star = stars.sort((a, b) => b.length - a.length)[0];
  const missing = () => ({ body: '<html>no such page</html>', status: 404, headers: html });
  return routes[path] ?? (star === undefined ? undefined : routes[star]) ?? missing;
}

const html = { 'content-type': 'text/html;charset=UTF-8' };

function answer(answered: SiteAnswer, response: http.ServerResponse, socket: Socket): void {
  if (typeof answered === 'function') {
    answered(response, socket);
    return;
  }
  const status = answered.status ?? 200;
  if ('json' in answered) {
    response.writeHead(status, { 'content-type': 'application/json', ...answered.headers });
    response.end(JSON.stringify(answered.json));
  } else {
    response.writeHead(status, { 'content-type': 'application/json', ...answered.headers });
    response.end(answered.body);
  }
}
