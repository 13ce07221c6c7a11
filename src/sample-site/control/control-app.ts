import type { HttpBindings } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { WrongFault } from '../faults/wrong-fault.ts';
import { jsonAnswer, type Answer } from '../http/answer.ts';
import { targetOf } from '../http/make-call.ts';
import { UnknownContent } from '../state/unknown-content.ts';
import { controlRoutes, type ControlCall, type ControlRoute, type Controls } from './control-routes.ts';

type Env = { Bindings: HttpBindings };

const LOOPBACK_ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The control routes as an app; they answer nobody but this machine's own programs. */
export function createControlApp(controls: Controls): Hono<Env> {
  const app = new Hono<Env>();
  app.use('/-/*', fromLoopbackOnly);
  for (const route of controlRoutes) {
    app.on(route.method, route.path, async (context) => {
      const query = new URLSearchParams(targetOf(context).split('?').slice(1).join('?'));
      const call = { id: context.req.param('id') ?? '', query, text: await context.req.text() };
      const { status, headers, body } = runRoute(controls, route, call);
      const text = body.kind === 'json' ? `${JSON.stringify(body.value, null, 2)}\n` : body.text;
      const type = body.kind === 'json' ? 'application/json' : body.type;
      return new Response(text, { status, headers: { ...headers, 'content-type': type } });
    });
  }
  return app;
}

// The name in `Host` counts too: a web page could point its own name at this machine. And a page that sends requests
// from a browser says so in `Origin`.
const fromLoopbackOnly: MiddlewareHandler<Env> = async (context, next) => {
  const address = context.env.incoming.socket.remoteAddress ?? '';
  const name = context.req.header('host')?.replace(/:\d+$/, '').toLowerCase() ?? '';
  const foreign = context.req.header('origin') !== undefined && context.req.method !== 'GET';
  if (!LOOPBACK_ADDRESSES.has(address) || !LOOPBACK_NAMES.has(name) || foreign) {
    return context.json({ error: 'control routes answer this machine only' }, 403);
  }
  await next();
  return undefined;
};

function runRoute(controls: Controls, route: ControlRoute, call: ControlCall): Answer {
  try {
    return route.run(controls, call);
  } catch (error) {
    if (error instanceof UnknownContent) return jsonAnswer({ error: error.message }, 404);
    if (error instanceof WrongFault) return jsonAnswer({ error: error.message }, 400);
    throw error;
  }
}
