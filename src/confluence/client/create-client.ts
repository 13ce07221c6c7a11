import { ConfluenceUnavailable } from '../../sync/errors.ts';
import type { Clock, Log, Random } from '../../sync/ambient.ts';
import type { ApiCounts } from '../../sync/source.ts';
import type { ConfluenceSettings } from '../confluence-settings.ts';
import type { Answer, Reply } from './answer.ts';
import type { ApiRequest } from './api-request.ts';
import { backOffMs } from './back-off-ms.ts';
import { endingWith } from './ending-with.ts';
import { createLimiter } from './create-limiter.ts';
import { createPause } from './create-pause.ts';
import { createSigner, type SignerParts } from './create-signer.ts';
import type { Transport } from './create-transport.ts';
import type { Exchange } from './exchange.ts';
import { readAnswer } from './read-answer.ts';
import { refuseToGoOn } from './refuse-to-go-on.ts';
import { retryOf } from './retry-of.ts';

/** Asks Confluence, with retries, one limit and one pause for all requests. */
export interface Client {
  /** Asks and gives any answer as a value; throws `ConfluenceUnavailable` only where Confluence asks for a longer wait. */
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
const LONGEST_PAUSE_MS = 15 * 60_000;
const WAIT_BUDGET_MS = 30 * 60_000;

type Counters = { requests: number; retries: number; waitedMs: number; bytes: number; worked: boolean };

/** How the client signs in, and how many requests are in flight at most. */
export type ClientSettings = Pick<ConfluenceSettings, 'credentials' | 'concurrency'> &
  Pick<SignerParts, 'tokenUrl'>;

/** Makes a client over a transport. */
export function createClient(transport: Transport, settings: ClientSettings, parts: ClientParts): Client {
  const limiter = createLimiter(settings.concurrency);
  const pause = createPause(parts.clock);
  const counters: Counters = { requests: 0, retries: 0, waitedMs: 0, bytes: 0, worked: false };

  const send = (request: ApiRequest, signal: AbortSignal) =>
    limiter(signal, async () => {
      await endingWith(signal, pause.over(signal));
      return await sendSigned(request, signal);
    });

  const counted = async (sending: Promise<Exchange>) => {
    counters.requests++;
    const exchange = await sending;
    if (exchange.kind === 'answer') counters.bytes += exchange.body.byteLength;
    return exchange;
  };

  const signer = createSigner(settings.credentials, {
    tokenUrl: settings.tokenUrl,
    clock: parts.clock,
    post: (url, json, signal) => counted(transport.post(url, json, signal)),
  });

  const sendSigned = async (request: ApiRequest, signal: AbortSignal): Promise<Exchange> => {
    if (request.anonymous === true) return await counted(transport.send(request, null, signal));
    const first = await signer.sign(signal);
    if (first.kind === 'unsigned') return first.exchange;
    const exchange = await counted(transport.send(request, first.authorization, signal));
    const refused = exchange.kind === 'answer' && exchange.status === 401;
    if (!refused || !signer.renew(first.authorization)) return exchange;
    const second = await signer.sign(signal);
    if (second.kind === 'unsigned') return second.exchange;
    return await counted(transport.send(request, second.authorization, signal));
  };

  const ask = async (request: ApiRequest, signal: AbortSignal): Promise<Answer> => {
    for (let tries = 1, waited = 0; ; tries++) {
      const exchange = await send(request, signal);
      const answer = readAnswer(exchange, request, tries);
      const wait = waitFor(exchange, answer, request, tries);
      if (answer.kind === 'json' && request.anonymous !== true) counters.worked = true;
      if (wait === null) return answer;
      waited += wait.ms;
      if (wait.ms > LONGEST_PAUSE_MS || waited > WAIT_BUDGET_MS) throw tooLong(request, wait.ms);
      counters.retries++;
      report(request, exchange, tries, wait.ms);
      if (wait.shared) counters.waitedMs += pause.extend(wait.ms);
      else await sleepAlone(wait.ms, signal);
    }
  };

  const waitFor = (exchange: Exchange, answer: Answer, request: ApiRequest, tries: number) => {
    const retry = retryOf(exchange, answer, parts.clock.now(), counters.worked);
    const most = { never: 0, once: 2, back_off: request.tries ?? TRIES, asked: ASKED_TRIES }[retry.kind];
    if (tries >= most) return null;
    if (retry.kind === 'asked') return { ms: retry.ms, shared: true };
    const crowded = exchange.kind === 'answer' && exchange.status === 429;
    return { ms: backOffMs(tries, parts.random), shared: crowded };
  };

  const report = (request: ApiRequest, exchange: Exchange, tries: number, waitMs: number) => {
    const status = exchange.kind === 'answer' ? exchange.status : exchange.code;
    parts.log.warn({ route: request.route, status, tries, waitMs }, 'confluence request retried');
  };

  const sleepAlone = async (ms: number, signal: AbortSignal) => {
    counters.waitedMs += ms;
    await endingWith(signal, parts.clock.sleep(ms, signal));
  };

  return {
    ask,
    get: async (request, signal) => refuseToGoOn(await ask(request, signal), request),
    counts: () => {
      const { requests, retries, waitedMs, bytes } = counters;
      return { requests, retries, waitedMs: Math.round(waitedMs), bytes };
    },
  };
}

function tooLong(request: ApiRequest, ms: number): ConfluenceUnavailable {
  return new ConfluenceUnavailable(
    `${request.what} was put off by Confluence for ${Math.round(ms / 1000)} s, longer than a run waits: run it again later, the next run goes on from here`,
  );
}
