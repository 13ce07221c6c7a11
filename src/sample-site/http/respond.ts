import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { unauthorizedAnswer } from '../faults/answering-faults.ts';
import type { Strike, StrikingFaultBoard } from '../faults/fault-board.ts';
import type { RequestRecord } from '../sample-site.ts';
import { writeJson } from '../poison/raw-json.ts';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import type { Delivery } from './delivery.ts';
import { makeCall, targetOf, type HttpContext } from './make-call.ts';
import { Refusal } from './refusal.ts';
import type { RequestLog } from './request-log.ts';
import type { Route, Site } from './site.ts';
import { viewerOf } from './viewer.ts';
import type { View } from './view.ts';

/** What answering needs beside the site. */
export type Responder = Readonly<{
  site: Site;
  board: StrikingFaultBoard;
  log: RequestLog;
  closing: AbortSignal;
}>;

/** Answers a request of the Confluence that the site looks like, with the faults in force, and notes it. */
export async function respond(
  responder: Responder,
  context: HttpContext,
  prefix: string,
  route: Pick<Route, 'handle' | 'open'>,
): Promise<Response> {
  const { site, board, log } = responder;
  const strikes = board.strike(context.req.method, targetOf(context));
  const record = { ...describeRequest(site, context, strikes) };
  log.add(record);
  const call = makeCall(site, context, prefix, viewOf(site, context, strikes));
  const answer = await answerCall(site, call, route, strikes);
  await deliver(responder, context, call, answer, strikes);
  record.status = context.env.outgoing.socket?.destroyed === true ? 0 : answer.status;
  site.options.log?.debug({ ...record }, 'sample site answered');
  return RESPONSE_ALREADY_SENT;
}

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
  const viewer = viewerOf(context.req.header('authorization'), site.options.credentials ?? null);
  const own: View = { viewer, hiddenSpaces: new Set(), cap: null };
  return strikes.reduce((view, { fault, values }) => fault.view?.(view, values) ?? view, own);
}

async function answerCall(
  site: Site,
  call: Call,
  route: Pick<Route, 'handle' | 'open'>,
  strikes: readonly Strike[],
): Promise<Answer> {
  const answering = strikes.findLast(({ fault }) => fault.answer !== undefined);
  const given = answering?.fault.answer?.({ site, call, values: answering.values });
  const answer = given ?? (await handle(site, call, route));
  return strikes.reduce((so, { fault, values }) => fault.rewrite?.(so, { site, call, values }) ?? so, answer);
}

async function handle(site: Site, call: Call, route: Pick<Route, 'handle' | 'open'>): Promise<Answer> {
  if (call.viewer.kind === 'refused' && route.open !== true)
    return unauthorizedAnswer(site.options.deployment);
  try {
    return await route.handle(site, call);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
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
    headers: { ...usualHeaders(site, call), ...answer.headers, 'content-type': typeOf(answer) },
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
