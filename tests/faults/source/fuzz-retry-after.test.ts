import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ApiRequest } from '../../../src/confluence/client/api-request.ts';
import { askedWaitMs } from '../../../src/confluence/client/asked-wait-ms.ts';
import { createClient } from '../../../src/confluence/client/create-client.ts';
import type { Transport } from '../../../src/confluence/client/create-transport.ts';
import type { Clock } from '../../../src/sync/ambient.ts';
import { ConfluenceUnavailable } from '../../../src/sync/errors.ts';
import { databaseParts } from '../../support/database-parts.ts';
import { fuzz, FUZZ_TIMEOUT_MS } from '../../support/fuzz.ts';
import { waitHeaders } from '../../support/wait-headers-arbitrary.ts';

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const never = new AbortController().signal;
const clocks = fc.oneof(fc.constant(new Date('2026-03-20T00:00:00Z')), fc.date({ noInvalidDate: true }));

test(
  'S3 S4 S5 whatever Retry-After says, the client waits as long, or ends the run, and never hangs',
  async () => {
    const kinds = new Set<string>();
    const inputs = fc.record({ headers: waitHeaders, status: fc.constantFrom(429, 503), now: clocks });

    await fuzz(inputs, async ({ headers: said, status, now }) => {
      const headers = new Map(Object.entries(said));
      const clock = countingClock(now);
      const asked = askedWaitMs(headers, clock.now());
      if (asked !== null && !(Number.isFinite(asked) && asked >= 1000))
        throw new Error(`a wait of ${asked} ms`);

      const { sentAtMs, error } = await askTwice(status, headers, clock);

      for (const ms of clock.sleeps)
        if (!(ms > 0 && ms <= LONGEST_TIMER_MS)) throw new Error(`a timer of ${ms} ms`);
      const waited = sentAtMs[1];
      if (waited === undefined && !(error instanceof ConfluenceUnavailable)) throw error;
      if (waited !== undefined && waited < (asked ?? 0))
        throw new Error(`${waited} ms waited, ${asked} asked for`);
      kinds.add(asked === null ? 'nothing' : waited === undefined ? 'too long' : 'waited');
    });

    expect([...kinds].sort()).toEqual(['nothing', 'too long', 'waited']);
  },
  FUZZ_TIMEOUT_MS,
);

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
function countingClock(start: Date) {
  let jumped = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => new Date(start.getTime() + jumped),
    monotonicMs: () => jumped,
    sleep: (ms: number) => {
      sleeps.push(ms);
      jumped += ms;
      return Promise.resolve();
    },
  };
}
