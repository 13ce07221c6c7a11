import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Call } from './call.ts';
import type { Site } from './site.ts';
import type { View } from './view.ts';

/** The context of a request that came in over a socket. */
export type HttpContext = Context<{ Bindings: HttpBindings }>;

/** The path and query as they were sent. */
export function targetOf(context: HttpContext): string {
  return context.env.incoming.url ?? '/';
}

/** Makes a handler's call from a request and what it may see. */
export function makeCall(site: Site, context: HttpContext, prefix: string, view: View): Call {
  const [path = '/', ...search] = targetOf(context).split('?');
  const seesSpace = (index: number): boolean => isVisible(site, view, index);
  return {
    method: context.req.method,
    path,
    route: path.slice(prefix.length),
    query: new URLSearchParams(search.join('?')),
    param: (name) => context.req.param(name) ?? '',
    text: () => context.req.text(),
    viewer: view.viewer,
    view,
    seesSpace,
    sees: (content) => seesSpace(content.spaceIndex),
    cap: view.cap,
  };
}

function isVisible(site: Site, { viewer, hiddenSpaces }: View, index: number): boolean {
  const signedIn = viewer.kind === 'user' || (site.options.credentials ?? null) === null;
  const key = site.library.spaces[index]?.key.toLowerCase() ?? '';
  return signedIn && hiddenSpaces !== null && !hiddenSpaces.has(key);
}
