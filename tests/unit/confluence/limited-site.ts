import type { ApiRequest } from '../../../src/confluence/client/api-request.ts';
import { createClient } from '../../../src/confluence/client/create-client.ts';
import type { Transport } from '../../../src/confluence/client/create-transport.ts';
import type { Exchange } from '../../../src/confluence/client/exchange.ts';
import { createLimiter } from '../../../src/confluence/client/create-limiter.ts';
import { quietLog } from '../../support/test-clock.ts';
import type { Limit } from './limits.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

/** A site that limits requests, as a run of them meets it. */
export type LimitedSite = Readonly<{
  limit: () => Limit;
  retryAfterS: number;
  /** Milliseconds an answer takes, at least and at most. */
  latency: readonly [number, number];
  seed: number;
  /** What answers say of the limit. */
  headers?: (limit: Limit, now: number) => Readonly<Record<string, string>>;
  concurrency?: number;
}>;

/** How a run went: `earlyMs` tells by how much requests came into a pause, sent after it was told; nothing may. */
export type Outcome = Readonly<{ ms: number; refusals: number; early: number; waitedMs: number }>;

const never = new AbortController().signal;
const request: ApiRequest = {
  root: 'http://127.0.0.1:1',
  path: '/page',
  query: [],
  route: '/page',
  what: 'reading',
};

/** Sends `count` requests through a real client to a limited site, in virtual time. */
export async function runLimited(
  site: LimitedSite,
  count: number,
  ended: (afterMs: number) => void = () => undefined,
): Promise<Outcome> {
  const random = dice(site.seed);
  const time = createVirtualTime(random, 2);
  const seen = { refusals: 0, early: 0 };
  const limit = site.limit();
  const exchange = async (): Promise<Exchange> => {
    await time.sleep(0.2 + random(), never);
    const now = time.monotonicMs();
    const isIn = limit.admit(now);
    const headers = new Map(Object.entries(site.headers?.(limit, now) ?? {}));
    await time.sleep(site.latency[0] + random() * (site.latency[1] - site.latency[0]), never);
    if (isIn) return { kind: 'answer', status: 200, headers, body };
    seen.refusals++;
    headers.set('retry-after', String(site.retryAfterS));
    return { kind: 'answer', status: 429, headers, body };
  };
  const untilMs: number[] = [];
  const send = async (): Promise<Exchange> => {
    const sentAt = time.monotonicMs();
    if (untilMs.some((until) => sentAt < until)) seen.early++;
    const answer = await exchange();
    if (answer.kind === 'answer' && answer.status === 429)
      untilMs.push(time.monotonicMs() + site.retryAfterS * 1000);
    return answer;
  };
  const transport: Transport = { send, post: send, close: () => undefined };
  const concurrency = site.concurrency ?? 4;
  const settings = {
    credentials: { kind: 'anonymous' },
    concurrency,
    tokenUrl: new URL(request.root),
  } as const;
  const client = createClient(transport, settings, { clock: time, random, log: quietLog });
  const begun = time.monotonicMs();
  const asked = Array.from({ length: count }, () => client.get(request, never));
  await time.run(Promise.all(asked)).finally(() => {
    ended(time.monotonicMs() - begun);
  });
  const ms = time.monotonicMs() - begun;
  return { ms, refusals: seen.refusals, early: seen.early, waitedMs: client.counts().waitedMs };
}

/** What a client takes that knows the limit and is never refused. */
export async function runOptimal(site: LimitedSite, count: number): Promise<number> {
  const random = dice(site.seed);
  const time = createVirtualTime(random);
  const limit = site.limit();
  const [lanes, gate] = [createLimiter(site.concurrency ?? 4), createLimiter(1)];
  const begun = time.monotonicMs();
  const ask = async () => {
    await gate(never, () => pass(time, limit));
    await time.sleep(site.latency[0] + random() * (site.latency[1] - site.latency[0]), never);
  };
  await time.run(Promise.all(Array.from({ length: count }, () => lanes(never, ask))));
  return time.monotonicMs() - begun;
}

async function pass(time: VirtualTime, limit: Limit): Promise<void> {
  while (!limit.admit(time.monotonicMs())) {
    const now = time.monotonicMs();
    await time.sleep(Math.max(0.01, limit.opensAt(now) - now), never);
  }
}

const body = new TextEncoder().encode('{}');

/** Numbers in [0, 1) that are the same for the same seed. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
