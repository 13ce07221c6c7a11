import { expect, test } from '@jest/globals';
import { ConfluenceUnavailable } from '../../../src/sync/errors.ts';
import { dice, runLimited, runOptimal, type LimitedSite } from './limited-site.ts';
import { fixedWindow, slidingWindow, tokenBucket, type Limit } from './limits.ts';

const limits: readonly (readonly [string, () => Limit])[] = [
  ['one request each 100 ms', () => tokenBucket(10, 1)],
  ['a bucket of 2', () => tokenBucket(10, 2)],
  ['a bucket of 5', () => tokenBucket(10, 5)],
  ['a bucket of 10', () => tokenBucket(10, 10)],
  ['a bucket of 20', () => tokenBucket(10, 20)],
  ['10 in each second of the clock', () => fixedWindow(10)],
  ['10 in any second', () => slidingWindow(10)],
];
const latencies = [
  [0, 1],
  [100, 100],
  [0, 200],
] as const;
const cases = limits.flatMap(([name, limit]) =>
  latencies.map((latency) => [name, latency.join(' to '), { limit, latency }] as const),
);

/** How much longer a run took than one that knows the limit. */
async function ratio(site: LimitedSite, count: number): Promise<number> {
  const [run, best] = [await runLimited(site, count), await runOptimal(site, count)];
  expect(run.early).toBe(0);
  return run.ms / best;
}

test.each(cases)(
  'with %s and answers in %s ms, a run takes at most 1.15 times the best',
  async (...[, , site]) => {
    expect(await ratio({ ...site, retryAfterS: 1, seed: 7 }, 600)).toBeLessThan(1.15);
  },
);

test.each([
  [2, 1200],
  [5, 2500],
])('where a refusal costs %d s, a long run still comes near the best', async (retryAfterS, count) => {
  for (const [, limit] of limits)
    expect(await ratio({ limit, latency: [20, 60], retryAfterS, seed: 3 }, count)).toBeLessThan(1.15);
});

const open: Limit = { admit: () => true, opensAt: (now) => now, left: () => 50 };

test('a site without a limit is never waited for', async () => {
  const site = { limit: () => open, latency: [20, 20], retryAfterS: 1, seed: 1 } as const;

  const run = await runLimited(site, 400);

  expect(run.waitedMs).toBe(0);
  expect(run.ms).toBeLessThan(1.2 * (await runOptimal(site, 400)));
});

const hour = '2026-03-20T01:00:00Z';
test.each<[string, Record<string, string>]>([
  ['numbers beyond counting', { limit: '9223372036854775807', remaining: '9223372036854775807' }],
  ['a fill rate beyond counting', { remaining: '0', fillrate: '9'.repeat(400), 'interval-seconds': '1' }],
  ['nothing left, and no reset', { remaining: '0' }],
  ['nothing left for an hour', { remaining: '0', reset: hour }],
  ['a limit near for an hour', { remaining: '9', limit: '100', nearlimit: 'true', reset: hour }],
  ['a reset in the past', { remaining: '0', nearlimit: 'true', reset: '2020-01-01T00:00:00Z' }],
  ['one request an hour', { remaining: '0', fillrate: '1', 'interval-seconds': '3600' }],
  ['nonsense', { remaining: 'NaN', limit: '-1', fillrate: '-3', 'interval-seconds': '0', reset: 'soon' }],
  ['a limit near, and no more', { nearlimit: 'true' }],
])('headers that say %s never stall a site that answers', async (_, said) => {
  const headers = Object.fromEntries(
    Object.entries(said).map(([name, value]) => [`x-ratelimit-${name}`, value]),
  );
  const site = {
    limit: () => open,
    latency: [20, 20],
    retryAfterS: 1,
    seed: 1,
    headers: () => headers,
  } as const;

  const run = await runLimited(site, 100);

  expect(run.ms).toBeLessThan(15_000);
});

test.each([5, 10, 20])('where Data Center tells of its bucket of %d, nothing is refused', async (burst) => {
  const headers = (limit: Limit, now: number) => ({
    'x-ratelimit-limit': String(burst),
    'x-ratelimit-remaining': String(limit.left(now)),
    'x-ratelimit-interval-seconds': '2',
    'x-ratelimit-fillrate': '20',
  });
  const limit = () => tokenBucket(10, burst);
  const site = { limit, latency: [20, 100], retryAfterS: 5, seed: 1, headers } as const;

  const run = await runLimited(site, 300);

  expect(run.refusals).toBe(0);
  expect(run.ms).toBeLessThan(1.1 * (await runOptimal(site, 300)));
});

test('where Cloud tells that its quota nears the end, what is left is spread over the time', async () => {
  const end = 160_000;
  const quota = (): Limit => {
    let left = 400;
    return { admit: (now) => now >= end || left-- > 0, opensAt: (now) => now, left: () => left };
  };
  const headers = (limit: Limit) => ({
    'x-ratelimit-limit': '400',
    'x-ratelimit-remaining': String(limit.left(0)),
    'x-ratelimit-reset': new Date(Date.UTC(2026, 2, 20) + end).toISOString(),
    'x-ratelimit-nearlimit': String(limit.left(0) < 80),
  });

  const run = await runLimited({ limit: quota, latency: [20, 20], retryAfterS: 60, seed: 1, headers }, 390);

  expect(run.refusals).toBe(0);
  expect(run.waitedMs).toBeGreaterThan(20_000);
});

test('refusals that come whatever the speed do not make a run slower and slower', async () => {
  const chance = dice(5);
  const moody: Limit = { ...open, admit: () => chance() > 0.05 };

  const run = await runLimited({ limit: () => moody, latency: [20, 20], retryAfterS: 1, seed: 1 }, 1000);

  expect(run.ms).toBeLessThan(2500 * run.refusals);
});

test('once the site is no longer limited, requests are held no more', async () => {
  const limit = (): Limit => {
    const bucket = tokenBucket(10, 10);
    return { ...bucket, admit: (now) => now > 130_000 || bucket.admit(now) };
  };

  const run = await runLimited({ limit, latency: [20, 20], retryAfterS: 1, seed: 1 }, 5000);

  // 30 s under the limit, the time until it is known to be gone, and the rest at full speed.
  expect(run.ms).toBeLessThan(150_000);
});

test.each([1, 60, 600])(
  'a site that refuses for ever, %d s each time, ends the run in time',
  async (retryAfterS) => {
    const shut: Limit = { ...open, admit: () => false };
    let endedAtMs = 0;

    const run = runLimited(
      { limit: () => shut, latency: [20, 20], retryAfterS, seed: 1 },
      50,
      (now) => (endedAtMs = now),
    );

    await expect(run).rejects.toBeInstanceOf(ConfluenceUnavailable);
    expect(endedAtMs).toBeLessThan(35 * 60_000);
  },
);
