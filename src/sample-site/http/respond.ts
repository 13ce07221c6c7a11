import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { unauthorizedAnswer } from '../faults/unauthorized-answer.ts';
import type { Strike, StrikingFaultBoard } from '../faults/fault-board.ts';
import type { RequestRecord } from '../sample-site.ts';
import { writeJson } from '../poison/raw-json.ts';
import { jsonAnswer, type Answer } from './answer.ts';
import type { Call } from './call.ts';
import type { Delivery } from './delivery.ts';
import { makeCall, targetOf, type HttpContext } from './make-call.ts';
import { Refusal } from './refusal.ts';
import type { RequestLog } from './request-log.ts';
import type { Route, Site } from './site.ts';
import type { SiteEdits } from '../state/site-edits.ts';
import { viewerOf } from './viewer.ts';
import type { View } from './view.ts';

/** What a route's answer depends on. */
type Answering = Pick<Route, 'handle' | 'open' | 'scope'>;

/** What answering needs beside the site. */
export type Responder = Readonly<{
  site: Site;
  board: StrikingFaultBoard;
  edit: SiteEdits;
  log: RequestLog;
  closing: AbortSignal;
}>;

/** Answers a request of the Confluence that the site looks like, with the faults in force, and notes it. */
export async function respond(
  responder: Responder,
  context: HttpContext,
  prefix: string,
  route: Answering,
): Promise<Response> {
  const { site, board, log } = responder;
  const strikes = board.strike(context.req.method, targetOf(context));
  const record = { ...describeRequest(site, context, strikes) };
  log.add(record);
  const call = makeCall(site, context, prefix, viewOf(site, context, strikes));
  const answer = await answerCall(responder, call, route, strikes);
  await deliver(responder, context, call, answer, strikes);
  record.status = context.env.outgoing.socket?.destroyed === true ? 0 : answer.status;
  site.options.log?.debug({ ...record }, 'sample site answered');
  return RESPONSE_ALREADY_SENT;
}

const TOKEN_SECONDS = 3_600;

function describeRequest(site: Site, context: HttpContext, strikes: readonly Strike[]): RequestRecord {
  const [path = '', ...query] = targetOf(context).split('?');
  return {
    method: context.req.method,
    path,
    query: query.join('?'),
    status: 0,
    at: site.clock.now(),
    authorization: schemeOf(context.req.header('authorization')),
    faults: strikes.map(({ name }) => name),
  };
}

function schemeOf(authorization: string | undefined): RequestRecord['authorization'] {
  const scheme = authorization?.split(' ')[0]?.toLowerCase() ?? 'none';
  return scheme === 'basic' || scheme === 'bearer' || scheme === 'none' ? scheme : 'other';
}

function viewOf(site: Site, context: HttpContext, strikes: readonly Strike[]): View {
  const wanted = site.options.credentials ?? null;
  const own: View = {
    viewer: viewerOf(context.req.header('authorization'), wanted, site.tokens),
    hiddenSpaces: new Set(),
    cap: null,
    missingScopes: new Set(),
    searchOffset: null,
    searchUpTo: Infinity,
    tokenSeconds: TOKEN_SECONDS,
  };
  return strikes.reduce((view, { fault, values }) => fault.view?.(view, values, site) ?? view, own);
}

async function answerCall(
  { site, edit }: Responder,
  call: Call,
  route: Answering,
  strikes: readonly Strike[],
): Promise<Answer> {
  const grounds = strikes.map(({ fault, ...strike }) => ({ fault, ground: { site, edit, call, ...strike } }));
  for (const { fault, ground } of grounds) fault.before?.(ground);
  let answer: Answer | null = null;
  for (const { fault, ground } of grounds.toReversed()) answer ??= fault.answer?.(ground) ?? null;
  answer ??= await handle(site, call, route);
  for (const { fault, ground } of grounds) answer = fault.rewrite?.(answer, ground) ?? answer;
  return answer;
}

async function handle(site: Site, call: Call, route: Answering): Promise<Answer> {
  if (!letsIn(site, call, route)) return unauthorizedAnswer(site.options.deployment);
  if (route.scope !== undefined && call.view.missingScopes.has(route.scope))
    return jsonAnswer({ code: 401, message: 'Unauthorized; scope does not match' }, 401);
  try {
    return await route.handle(site, call);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

function letsIn(site: Site, { viewer, path }: Call, route: Answering): boolean {
  if (route.open === true) return true;
  if (viewer.kind === 'refused') return false;
  const gateway = path.startsWith(`/ex/confluence/`) || path.startsWith('/oauth/');
  return viewer.kind === 'anonymous' || !viewer.scoped || site.options.deployment === 'datacenter' || gateway;
}

async function deliver(
  { site, closing }: Responder,
  context: HttpContext,
  call: Call,
  answer: Answer,
  strikes: readonly Strike[],
): Promise<void> {
  const { outgoing } = context.env;
  const gone = new AbortController();
  outgoing.once('close', () => {
    gone.abort();
  });
  const delivery: Delivery = {
    status: answer.status,
    headers: { ...usualHeaders(site, call), 'content-type': typeOf(answer), ...answer.headers },
    bytes: Buffer.from(textOf(answer)),
    outgoing,
    clock: site.clock,
    signal: AbortSignal.any([gone.signal, closing]),
  };
  const delivering = strikes.findLast(({ fault }) => fault.deliver !== undefined);
  if (delivering?.fault.deliver !== undefined) await delivering.fault.deliver(delivery, delivering.values);
  else deliverWhole(delivery);
}

function deliverWhole({ outgoing, status, headers, bytes }: Delivery): void {
  outgoing.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
  outgoing.end(bytes);
}

function usualHeaders(site: Site, { viewer }: Call): Record<string, string> {
  if (site.options.deployment === 'cloud') return { 'cache-control': 'no-cache, no-store' };
  if (viewer.kind !== 'user') return { 'x-ausername': 'anonymous' };
  return { 'x-ausername': viewer.name, ...(viewer.how === 'basic' && { 'x-seraph-loginreason': 'OK' }) };
}

function typeOf({ body }: Answer): string {
  return body.kind === 'json' ? 'application/json;charset=UTF-8' : body.type;
}

function textOf({ body }: Answer): string {
  return body.kind === 'json' ? writeJson(body.value) : body.text;
}
