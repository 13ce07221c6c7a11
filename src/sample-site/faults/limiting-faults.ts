import { jsonAnswer, type Answer } from '../http/answer.ts';
import { choosePages } from './choose-pages.ts';
import { contentIds } from './content-rows.ts';
import type { Fault, Ground } from './fault.ts';

const BODIES = { kind: 'text', usual: 'false', meaning: '`true`: only lists with bodies' } as const;
const NEAR = 0.2;

/** Faults of a server that cannot or will not do so much. */
export const limitingFaults = {
  throttle: {
    summary:
      'a real limit: a bucket of requests that fills again, 429 while it is empty, and its state in every answer',
    parameters: {
      per_second: { kind: 'number', usual: '10', meaning: 'requests by which it fills each second' },
      burst: { kind: 'number', usual: '10', meaning: 'requests it holds' },
      retry_after: {
        kind: 'text',
        usual: 'exact',
        meaning: '`exact` whole seconds until there is room, `missing`, or any text',
      },
      headers: { kind: 'text', usual: 'true', meaning: '`false` leaves out the X-RateLimit headers' },
    },
    answer: (ground) => (takeFrom(ground) ? null : tooMany(ground)),
    rewrite: (answer, ground) => ({ ...answer, headers: { ...answer.headers, ...bucketHeaders(ground) } }),
  },
  server_error_burst: {
    summary: 'errors of the server that come in bursts',
    parameters: {
      status: { kind: 'number', usual: '503', meaning: 'the HTTP status' },
      every: { kind: 'number', usual: '10', meaning: 'requests from one burst to the next' },
      length: { kind: 'number', usual: '3', meaning: 'requests that a burst strikes' },
    },
    answer: ({ values, memory }) => {
      const nth = memory.numbers.get('nth') ?? 0;
      memory.numbers.set('nth', nth + 1);
      const every = values.number('every');
      return nth % every < every - values.number('length') ? null : failure(values.number('status'));
    },
  },
  large_limit_fails: {
    summary: 'lists fail as long as they ask for too many rows at once',
    parameters: {
      limit: { kind: 'number', usual: '20', meaning: 'rows that still go' },
      status: { kind: 'number', usual: '503', meaning: 'the HTTP status of the others' },
      bodies: BODIES,
    },
    answer: (ground) => {
      const { call, values } = ground;
      const large = Number(call.query.get('limit') ?? '0') > values.number('limit');
      return large && concerns(ground) ? failure(values.number('status')) : null;
    },
  },
  killer_page: {
    summary: 'one page makes every list fail that it is in, whatever the limit',
    parameters: {
      id: { kind: 'text', usual: '', meaning: 'ids, parted by `+`; one picked by the seed unless told' },
      status: { kind: 'number', usual: '500', meaning: 'the HTTP status' },
      bodies: BODIES,
    },
    rewrite: (answer, ground) => {
      const killers = choosePages(ground, 1);
      const killed = concerns(ground) && contentIds(answer).some((id) => killers.includes(id));
      return killed ? failure(ground.values.number('status')) : answer;
    },
  },
} as const satisfies Record<string, Fault>;

function concerns({ call: { query }, values }: Ground): boolean {
  const withBody = query.has('body-format') || (query.get('expand') ?? '').includes('body');
  return withBody || values.text('bodies') !== 'true';
}

function failure(status: number): Answer {
  return jsonAnswer({ statusCode: status, message: 'Internal server error' }, status);
}

/** Takes a request from the bucket; false where it is empty. */
function takeFrom({ site, values, memory: { numbers } }: Ground): boolean {
  const now = site.clock.monotonicMs();
  const burst = values.number('burst');
  const gained = ((now - (numbers.get('at') ?? now)) / 1_000) * values.number('per_second');
  const room = Math.min(burst, (numbers.get('room') ?? burst) + gained);
  numbers.set('at', now);
  numbers.set('room', room < 1 ? room : room - 1);
  return room >= 1;
}

function roomIn({ values, memory }: Ground): number {
  return memory.numbers.get('room') ?? values.number('burst');
}

function tooMany(ground: Ground): Answer {
  const { values } = ground;
  const told = values.text('retry_after');
  const seconds = Math.max(1, Math.ceil((1 - roomIn(ground)) / values.number('per_second')));
  const headers = told === 'missing' ? {} : { 'retry-after': told === 'exact' ? String(seconds) : told };
  return jsonAnswer({ message: 'Rate limit exceeded', statusCode: 429 }, 429, headers);
}

function bucketHeaders(ground: Ground): Record<string, string> {
  const { site, values } = ground;
  if (values.text('headers') === 'false') return {};
  const [burst, perSecond, room] = [values.number('burst'), values.number('per_second'), roomIn(ground)];
  const common = {
    'x-ratelimit-limit': String(burst),
    'x-ratelimit-remaining': String(Math.floor(room)),
  };
  if (site.options.deployment === 'datacenter')
    return {
      ...common,
      'x-ratelimit-fillrate': String(Math.max(1, Math.round(perSecond))),
      'x-ratelimit-interval-seconds': String(Math.max(1, Math.round(1 / perSecond))),
    };
  const full = site.clock.now().getTime() + ((burst - room) / perSecond) * 1_000;
  const near = room < burst * NEAR ? { 'x-ratelimit-nearlimit': 'true' } : {};
  return { ...common, ...near, 'x-ratelimit-reset': new Date(full).toISOString() };
}
