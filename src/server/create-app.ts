import { Hono } from 'hono';
import type { Log } from '../sync/ambient.ts';
import type { Readiness } from './create-readiness.ts';
import { refuseRequest, type Admission } from './refuse-request.ts';

/** What the server shows, and to whom. */
export type AppParts = Readonly<{
  admission: Admission;
  readiness: () => Promise<Readiness>;
  /** The metrics with their content type. */
  metrics: () => Promise<Readonly<{ type: string; text: string }>>;
  log: Log;
}>;

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'",
  'x-content-type-options': 'nosniff',
};

/** The routes of the worker: `/livez`, `/readyz`, `/metrics`. */
export function createApp({ admission, readiness, metrics, log }: AppParts): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    const { method, path } = context.req;
    const refusal = refuseRequest({ method, path, header: (name) => context.req.header(name) }, admission);
    if (refusal !== null) return context.json({ error: refusal.error }, refusal.status, refusal.headers);
    return next();
  });
  app.get('/livez', (context) => context.json({ alive: true }));
  app.get('/readyz', async (context) => {
    const found = await readiness();
    return context.json(found, found.ready ? 200 : 503);
  });
  app.get('/metrics', async (context) => {
    const { type, text } = await metrics();
    return context.body(text, 200, { 'content-type': type });
  });
  app.notFound((context) => context.json({ error: 'there is no such route' }, 404));
  app.onError((error, context) => {
    log.error({ error: error.name, reason: error.message }, 'request failed');
    return context.json({ error: 'the request failed' }, 500);
  });
  return app;
}
