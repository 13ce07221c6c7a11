import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ApiRequest } from '../../../src/confluence/client/api-request.ts';
import { askedWaitMs } from '../../../src/confluence/client/asked-wait-ms.ts';
import { createClient } from '../../../src/confluence/client/create-client.ts';
import type { Transport } from '../../../src/confluence/client/create-transport.ts';
import type { Clock } from '../../../src/sync/ambient.ts';
import { ConfluenceUnavailable } from '../../../src/sync/errors.ts';
import { databaseParts } from '../../support/database-parts.ts';
import { fuzz } from '../../support/fuzz.ts';
import { waitHeaders } from '../../support/wait-headers-arbitrary.ts';

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const never = new AbortController().signal;
const headersOf = (headers: Readonly<Record<string, string>>) => new Map(Object.entries(headers));

test('S16 S17 whatever Retry-After says, it is a finite wait of a second or more, or nothing', async () => {
  const kinds = new Map<string, number>();
  const inputs = fc.record({ headers: waitHeaders, now: fc.date({ noInvalidDate: true }) });

  await fuzz(inputs, ({ headers, now }) => {
    const ms = askedWaitMs(headersOf(headers), now);

    if (ms !== null && !(Number.isFinite(ms) && ms >= 1000)) throw new Error(`a wait of ${ms} ms`);
    const kind = ms === null ? 'nothing' : ms === 1000 ? 'the least' : 'longer';
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  });

  expect([...kinds.keys()].sort()).toEqual(['longer', 'nothing', 'the least']);
});

test('S16 S17 whatever Retry-After says, the client waits as long, or ends the run, and never hangs', async () => {
  const inputs = fc.record({ headers: waitHeaders, status: fc.constantFrom(429, 503) });

  await fuzz(inputs, async ({ headers, status }) => {
    const clock = countingClock();
    const asked = askedWaitMs(headersOf(headers), clock.now());

    const outcome = await askTwice(status, headersOf(headers), clock);

    for (const ms of clock.sleeps)
      if (!(ms > 0 && ms <= LONGEST_TIMER_MS)) throw new Error(`a timer of ${ms} ms`);
    const waited = outcome.sentAtMs[1];
    if (waited === undefined) expect(outcome.error).toBeInstanceOf(ConfluenceUnavailable);
    else if (waited < (asked ?? 0)) throw new Error(`waited ${waited} ms where ${asked} were asked for`);
  });
});

/** Asks a server that answers once with this status and these headers, and then well. */
async function askTwice(status: number, headers: ReadonlyMap<string, string>, clock: Clock) {
  const sentAtMs: number[] = [];
  const transport: Transport = {
    send: () => {
      sentAtMs.push(clock.monotonicMs());
      const isFirst = sentAtMs.length === 1;
      const body = new TextEncoder().encode('{}');
      return Promise.resolve({
        kind: 'answer',
        status: isFirst ? status : 200,
        headers: isFirst ? headers : new Map(),
        body,
      });
    },
    post: () => Promise.reject(new Error('nothing is posted')),
    close: () => undefined,
  };
  const settings = {
    credentials: { kind: 'anonymous' },
    concurrency: 1,
    tokenUrl: new URL('http://127.0.0.1:1/oauth/token'),
  } as const;
  const client = createClient(transport, settings, { ...databaseParts, clock });
  try {
    await client.ask(request, never);
    return { sentAtMs, error: null };
  } catch (error) {
    return { sentAtMs, error };
  }
}

const request: ApiRequest = {
  root: 'http://127.0.0.1:1',
  path: '/list',
  query: [],
  route: '/list',
  what: 'listing',
};

/** Sleeps take no time but move the clock on. */
function countingClock() {
  let jumped = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => new Date(Date.UTC(2026, 2, 20) + jumped),
    monotonicMs: () => jumped,
    sleep: (ms: number) => {
      sleeps.push(ms);
      jumped += ms;
      return Promise.resolve();
    },
  };
}
