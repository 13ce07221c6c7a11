import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { cloudRoutes } from './cloud/cloud-routes.ts';
import type { Content } from './content.ts';
import { createControlApp } from './control/control-app.ts';
import { datacenterRoutes } from './datacenter/datacenter-routes.ts';
import { createDice } from './dice.ts';
import { createFaultBoard } from './faults/fault-board.ts';
import { htmlAnswer, jsonAnswer } from './http/answer.ts';
import { createRequestLog } from './http/request-log.ts';
import { respond, type Responder } from './http/respond.ts';
import type { Handler, Route, Site } from './http/site.ts';
import { makeUuid } from './make-uuid.ts';
import { oauthRoutes } from './oauth/oauth-routes.ts';
import { createTokenDesk } from './oauth/token-desk.ts';
import type { SampleSite, SampleSiteOptions, SiteAddress, TruePage } from './sample-site.ts';
import { createLibrary } from './state/create-library.ts';
import { createSiteEdits } from './state/site-edits.ts';
import { truePage } from './true-page.ts';

/** Makes a Confluence look-alike; it listens only when told. Throws `WrongFault` for a fault that does not exist. */
export function createSampleSite(options: SampleSiteOptions): SampleSite {
  let origin = 'http://127.0.0.1';
  const contextPath = options.deployment === 'cloud' ? '/wiki' : (options.contextPath ?? '');
  const site: Site = {
    options,
    library: createLibrary(options),
    clock: options.clock,
    cloudId: makeUuid(createDice(options.seed ?? 1)),
    tokens: createTokenDesk(options.seed ?? 1, options.clock),
    base: () => `${origin}${contextPath}`,
  };
  const board = createFaultBoard(options.clock, options.seed);
  for (const fault of options.faults ?? []) board.add(fault);
  const log = createRequestLog();
  const edit = createSiteEdits(site.library, options.clock);
  const closing = new AbortController();
  const app = createApp({ site, board, edit, log, closing: closing.signal });
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server;

  return {
    edit,
    faults: board,
    requests: log.records,
    listen: async (port) => {
      origin = await listenOnLoopback(server, port);
      return addressOf(site, origin);
    },
    close: () => closeServer(server, closing),
    pages: () => livePages(site),
    spaces: () => site.library.spaces.map(({ id, key, name, status }) => ({ id, key, name, status })),
  };
}

function createApp(responder: Responder): Hono<{ Bindings: HttpBindings }> {
  const { site, board, edit, log } = responder;
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.route('/', createControlApp({ site, edit, board, requests: log.records }));
  for (const [prefix, routes] of mounts(site)) {
    for (const route of routes) {
      app.on(route.method, `${prefix}${route.path}`, (context) => respond(responder, context, prefix, route));
    }
  }
  app.notFound((context) => respond(responder, context, '', { handle: notFound, open: true }));
  app.onError((error) => {
    site.options.log?.error({ err: error }, 'sample site failed');
    return new Response('the sample site failed', { status: 500 });
  });
  return app;
}

function mounts(site: Site): readonly (readonly [string, readonly Route[]])[] {
  if (site.options.deployment === 'datacenter') return [[site.options.contextPath ?? '', datacenterRoutes]];
  return [
    ['', [{ method: 'GET', path: '/_edge/tenant_info', handle: tenantInfo, open: true }, ...oauthRoutes]],
    ['/wiki', cloudRoutes],
    [`/ex/confluence/${site.cloudId}/wiki`, cloudRoutes],
  ];
}

const tenantInfo: Handler = (site) => jsonAnswer({ cloudId: site.cloudId });

const notFound: Handler = () =>
  htmlAnswer('<html><head><title>Page not found</title></head><body></body></html>', 404);

async function listenOnLoopback(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: taken } = server.address() as AddressInfo;
  return `http://127.0.0.1:${taken}`;
}

function addressOf(site: Site, origin: string): SiteAddress {
  const gatewayUrl = site.options.deployment === 'cloud' ? `${origin}/ex/confluence/${site.cloudId}` : null;
  return { url: site.base(), origin, gatewayUrl };
}

async function closeServer(server: Server, closing: AbortController): Promise<void> {
  closing.abort();
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  server.closeAllConnections();
  await closed;
}

function* livePages(site: Site): Generator<TruePage> {
  const { page, blogpost } = site.library.collections;
  for (const collection of [page, blogpost]) {
    const walk: Generator<Content> = collection.walk({
      spaces: null,
      statuses: ['current', 'archived'],
      order: 'id',
      descending: false,
      start: { kind: 'first' },
    });
    for (const content of walk) yield truePage(site, content);
  }
}
