import { ConfluenceUnavailable } from '../../sync/errors.ts';
import type { Clock, Log, Random } from '../../sync/ambient.ts';
import type { ApiCounts } from '../../sync/source.ts';
import type { ConfluenceSettings } from '../confluence-settings.ts';
import type { Answer, Reply } from './answer.ts';
import type { ApiRequest } from './api-request.ts';
import { askedWaitMs } from './asked-wait-ms.ts';
import { backOffMs } from './back-off-ms.ts';
import { createGate, LONGEST_PAUSE_MS } from './create-gate.ts';
import { createLimiter } from './create-limiter.ts';
import { createPace } from './create-pace.ts';
import { createPatience } from './create-patience.ts';
import { createSigner, type SignerParts } from './create-signer.ts';
import { createSpread } from './create-spread.ts';
import { createStopwatch } from './create-stopwatch.ts';
import type { Transport } from './create-transport.ts';
import { endingWith } from './ending-with.ts';
import type { Exchange } from './exchange.ts';
import { assertNotLocked } from './login-reasons.ts';
import { isFailing, readAnswer } from './read-answer.ts';
import { readLimits } from './read-limits.ts';
import { refuseToGoOn } from './refuse-to-go-on.ts';
import { retryOf } from './retry-of.ts';

/** Asks Confluence, with retries; one limit, one pause and one pace hold for all requests. */
export interface Client {
  /** Asks and gives any answer as a value; throws only `ConfluenceUnavailable` where Confluence asks for a longer wait and `LoginLocked`. */
  ask(request: ApiRequest, signal: AbortSignal): Promise<Answer>;
  /** Asks and throws this product's errors for every answer that ends the run. */
  get(request: ApiRequest, signal: AbortSignal): Promise<Reply>;
  counts(): ApiCounts;
}

/** The world around the client. */
export type ClientParts = Readonly<{ clock: Clock; random: Random; log: Log }>;

/** Tries of a request that fails by itself. */
export const TRIES = 5;
/** Tries of a request that Confluence asks to repeat later. */
const ASKED_TRIES = 10;
const WAIT_BUDGET_MS = 30 * 60_000;
/** What a refusal without a word on how long is taken to cost. */
const SUPPOSED_PAUSE_MS = 1000;

type Counters = { requests: number; retries: number; bytes: number; worked: boolean };

/** A request that was sent once. `wait` is null where it is not to be sent again. */
type Attempt = Readonly<{ exchange: Exchange; answer: Answer; wait: Wait | null }>;

/** How long to wait, and whether all requests have to. */
type Wait = Readonly<{ ms: number; shared: boolean }>;

/** How the client signs in, and how many requests are in flight at most. */
export type ClientSettings = Pick<ConfluenceSettings, 'credentials' | 'concurrency'> &
  Pick<SignerParts, 'tokenUrl'>;

/** Makes a client over a transport. */
export function createClient(transport: Transport, settings: ClientSettings, parts: ClientParts): Client {
  const { clock } = parts;
  const limiter = createLimiter(settings.concurrency);
  const pace = createPace();
  const waits = createStopwatch(clock);
  const gate = createGate(clock, pace, waits);
  const spread = createSpread(settings.concurrency);
  const patience = createPatience(clock);
  const counters: Counters = { requests: 0, retries: 0, bytes: 0, worked: false };

  const send = async (what: string, signal: AbortSignal, sending: () => Promise<Exchange>) => {
    await gate.pass(signal, (leftMs) => tooLong(what, leftMs));
    counters.requests++;
    const sentAtMs = clock.monotonicMs();
    const exchange = await sending();
    if (exchange.kind === 'answer') counters.bytes += exchange.body.byteLength;
    if (exchange.kind === 'answer') heed(exchange, sentAtMs);
    return exchange;
  };

  // At once with the answer: whatever else waits to be sent must know before its turn comes.
  const heed = ({ status, headers }: Extract<Exchange, { kind: 'answer' }>, sentAtMs: number) => {
    const limits = readLimits(headers, clock.now());
    const asked = isFailing(status) ? askedWaitMs(headers, clock.now(), status) : null;
    if (asked !== null) gate.pause(asked);
    patience.answered(status === 429 || asked !== null);
    if (status === 429) {
      const pauseMs = asked ?? SUPPOSED_PAUSE_MS;
      pace.refused({ nowMs: clock.monotonicMs(), sentAtMs, pauseMs, perSecond: limits.perSecond });
    } else if (!isFailing(status)) {
      pace.accepted(sentAtMs);
      gate.spread(spread.after(limits, sentAtMs));
    }
  };

  const signer = createSigner(settings.credentials, {
    tokenUrl: settings.tokenUrl,
    clock,
    post: (url, json, signal) => send('signing in', signal, () => transport.post(url, json, signal)),
  });

  const sendSigned = async (request: ApiRequest, signal: AbortSignal): Promise<Exchange> => {
    const sendAs = (authorization: string | null) =>
      send(request.what, signal, () => transport.send(request, authorization, signal));
    if (request.anonymous === true) return await sendAs(null);
    const first = await signer.sign(signal);
    if (first.kind === 'unsigned') return first.exchange;
    const exchange = await sendAs(first.authorization);
    const refused = exchange.kind === 'answer' && exchange.status === 401;
    if (!refused || !signer.renew(first.authorization)) return exchange;
    const second = await signer.sign(signal);
    if (second.kind === 'unsigned') return second.exchange;
    return await sendAs(second.authorization);
  };

  const attempt = async (
    request: ApiRequest,
    tries: number,
    sinceMs: number,
    signal: AbortSignal,
  ): Promise<Attempt> =>
    await limiter(signal, async () => {
      const exchange = await sendSigned(request, signal);
      if (exchange.kind === 'answer' && request.anonymous !== true) assertNotLocked(exchange, request.what);
      const answer = readAnswer(exchange, request, tries);
      if (answer.kind === 'json' && request.anonymous !== true) counters.worked = true;
      const wait = waitFor(exchange, answer, request, tries, sinceMs);
      if (wait?.shared === true) gate.pause(wait.ms);
      return { exchange, answer, wait };
    });

  const ask = async (request: ApiRequest, signal: AbortSignal): Promise<Answer> => {
    const sinceMs = clock.monotonicMs();
    for (let tries = 1, waited = 0; ; tries++) {
      const { exchange, answer, wait } = await attempt(request, tries, sinceMs, signal);
      if (wait === null) return answer;
      waited += wait.ms;
      if (wait.ms > LONGEST_PAUSE_MS || waited > WAIT_BUDGET_MS) throw tooLong(request.what, wait.ms);
      if (wait.shared && patience.runsOut(wait.ms)) throw shut(request.what);
      counters.retries++;
      report(request, exchange, tries, wait.ms);
      if (!wait.shared) await waits.during(() => endingWith(signal, clock.sleep(wait.ms, signal)));
    }
  };

  const waitFor = (
    exchange: Exchange,
    answer: Answer,
    request: ApiRequest,
    tries: number,
    sinceMs: number,
  ): Wait | null => {
    const retry = retryOf(exchange, answer, clock.now(), counters.worked);
    const crowded = exchange.kind === 'answer' && exchange.status === 429;
    // Being one of too many is no fault of the request: as long as all are refused, only patience ends.
    const asked = crowded && !patience.openedSince(sinceMs) ? Infinity : ASKED_TRIES;
    const backOff = crowded ? asked : (request.tries ?? TRIES);
    const most = { never: 0, once: 2, back_off: backOff, asked }[retry.kind];
    if (tries >= most) return null;
    if (retry.kind === 'asked') return { ms: retry.ms, shared: true };
    return { ms: backOffMs(tries, parts.random), shared: crowded };
  };

  const report = (request: ApiRequest, exchange: Exchange, tries: number, waitMs: number) => {
    const status = exchange.kind === 'answer' ? exchange.status : exchange.code;
    parts.log.warn({ route: request.route, status, tries, waitMs }, 'confluence request retried');
  };

  return {
    ask,
    get: async (request, signal) => refuseToGoOn(await ask(request, signal), request),
    counts: () => {
      const { requests, retries, bytes } = counters;
      return { requests, retries, waitedMs: Math.round(waits.elapsedMs()), bytes };
    },
  };
}

function shut(what: string): ConfluenceUnavailable {
  return new ConfluenceUnavailable(
    `${what} failed: Confluence refuses every request for being one too many, however long the wait; the next run goes on from here`,
  );
}

function tooLong(what: string, ms: number): ConfluenceUnavailable {
  return new ConfluenceUnavailable(
    `${what} was put off by Confluence for ${Math.round(ms / 1000)} s, longer than a run waits: run it again later, the next run goes on from here`,
  );
}
