import { afterEach, expect, test } from '@jest/globals';
import { ConfluenceUnavailable } from '../../../src/sync/errors.ts';
import { realClock } from '../../support/test-clock.ts';
import type { SiteAnswer } from '../../support/scripted-site.ts';
import { cloudList, cloudSite, hr } from '../../unit/confluence/cloud-site.ts';
import { dataCenter, eng, serverRow } from '../../unit/confluence/data-center-site.ts';
import { readListing } from '../../unit/confluence/read-listing.ts';
import { never, startSource, stopSources } from '../../unit/confluence/start-source.ts';
import { tokenBucket } from '../../unit/confluence/limits.ts';

afterEach(stopSources);

const pagesPath = '/wiki/api/v2/pages';
const idsOf = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

/** A Cloud whose pages are open to 10 requests a second, in bursts of at most 10; says when it refused and was asked. */
function limitedCloud(retryAfterS: number) {
  const bucket = tokenBucket(10, 10);
  const arrivals: number[] = [];
  const refusals: number[] = [];
  const answer = (): SiteAnswer => {
    const now = performance.now();
    arrivals.push(now);
    if (bucket.admit(now)) return (response) => setTimeout(() => response.writeHead(200).end(empty), 20);
    refusals.push(now);
    return { status: 429, json: {}, headers: { 'retry-after': String(retryAfterS) } };
  };
  return { arrivals, refusals, routes: cloudSite({ [pagesPath]: answer }) };
}

const empty = JSON.stringify({ results: [], _links: {} });
/** What was sent before the refusal could be read arrives within this time. */
const IN_FLIGHT_MS = 150;

test('S1 no request comes within a pause, and a run under a limit comes near the best there is', async () => {
  const { arrivals, refusals, routes } = limitedCloud(1);
  const { source } = await startSource(routes, {}, '', realClock);
  await source.site(never);
  const begun = performance.now();

  await source.fetchPages(idsOf(8000), never);
  const tookMs = performance.now() - begun;

  const within = refusals.flatMap((refusedAt) =>
    arrivals.filter((at) => at > refusedAt + IN_FLIGHT_MS && at < refusedAt + 1000),
  );
  expect(refusals.length).toBeGreaterThan(0);
  expect(within).toEqual([]);
  // 10 answers a second, the first 10 at once. The exact ratio is held where time is virtual.
  const answers = arrivals.length - refusals.length;
  expect(answers).toBeGreaterThan(50);
  expect(tookMs).toBeLessThan(1.5 * (answers - 10) * 100);
  expect(source.counts().waitedMs).toBeGreaterThan(tookMs / 2);
  expect(source.counts().waitedMs).toBeLessThan(tookMs);
});

test('S1 after a request that is given up, nothing is sent before the wait is over', async () => {
  const askedAtMs: number[] = [];
  const shut = (): SiteAnswer => {
    askedAtMs.push(clock.monotonicMs());
    return { status: 503, json: {}, headers: { 'retry-after': '30' } };
  };
  const { source, clock } = await startSource(cloudSite({ '/wiki/api/v2/spaces': shut }));
  await source.site(never);
  const giveUp = source.listSpaces(never);
  await expect(giveUp).rejects.toBeInstanceOf(ConfluenceUnavailable);

  await expect(source.listSpaces(never)).rejects.toBeInstanceOf(ConfluenceUnavailable);

  const pauses = askedAtMs.slice(1).map((at, index) => at - (askedAtMs[index] ?? 0));
  expect(pauses.length).toBeGreaterThan(15);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(30_000);
});

test.each([408, 425, 500, 502, 504])('Retry-After of a HTTP %d is obeyed', async (status) => {
  const { source, clock } = await startSource(
    cloudSite({
      '/wiki/api/v2/spaces': ({ nth }) =>
        nth === 0 ? { status, json: {}, headers: { 'retry-after': '40' } } : cloudList([hr]),
    }),
  );

  await source.listSpaces(never);

  expect(Math.round((clock.sleeps[0] ?? 0) / 1000)).toBe(40);
});

test('a quota that starts anew in an hour does not put off a request that failed by itself', async () => {
  const headers = { 'x-ratelimit-reset': new Date(Date.now() + 3_000_000).toISOString() };
  const { source, clock } = await startSource(
    cloudSite({
      '/wiki/api/v2/spaces': ({ nth }) => (nth === 0 ? { status: 500, json: {}, headers } : cloudList([hr])),
    }),
  );

  await source.listSpaces(never);

  expect(Math.max(...clock.sleeps)).toBeLessThanOrEqual(1000);
});

test('after a wait that a run does not wait for, nothing is sent until it is over', async () => {
  const { source, site, clock } = await startSource(
    cloudSite({
      '/wiki/api/v2/spaces': ({ nth }) =>
        nth === 0 ? { status: 429, json: {}, headers: { 'retry-after': '1847' } } : cloudList([hr]),
    }),
  );
  await expect(source.listSpaces(never)).rejects.toThrow('longer than a run waits');
  await expect(source.listSpaces(never)).rejects.toThrow('longer than a run waits');
  expect(site.to('/wiki/api/v2/spaces')).toHaveLength(1);
  await clock.sleep(1_000_000, never);

  const listing = await source.listSpaces(never);

  expect(listing.spaces).toEqual([hr]);
});

test('a site that refuses its lists for ever ends the run as unavailable, and asks for no smaller lists', async () => {
  const { source, site, clock } = await startSource(
    cloudSite({
      '/wiki/api/v2/spaces/98308/pages': () => ({ status: 429, json: {}, headers: { 'retry-after': '60' } }),
    }),
  );

  const listing = readListing(source.listPages(hr, { bodies: true }, never));

  await expect(listing).rejects.toThrow('next run goes on from here');
  expect(site.to('/wiki/api/v2/spaces/98308/pages').length).toBeLessThan(20);
  expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(30 * 60_000);
});

test('on Data Center the rate that its headers tell is kept to without a refusal', async () => {
  const bucket = tokenBucket(50, 5);
  let refused = 0;
  const site = dataCenter(
    '',
    idsOf(60).map((id) => serverRow(id)),
  );
  const headers = (left: number) => ({
    'x-ratelimit-limit': '5',
    'x-ratelimit-remaining': String(left),
    'x-ratelimit-interval-seconds': '1',
    'x-ratelimit-fillrate': '50',
  });
  const limited = Object.fromEntries(
    Object.entries(site).map(([route, answer]) => [
      route,
      (request: Parameters<typeof answer>[0]): SiteAnswer => {
        const isIn = bucket.admit(performance.now());
        const told = headers(bucket.left(performance.now()));
        if (!isIn) refused++;
        if (!isIn) return { status: 429, json: {}, headers: { ...told, 'retry-after': '1' } };
        const whole = answer(request);
        return typeof whole === 'function' ? whole : { ...whole, headers: { ...whole.headers, ...told } };
      },
    ]),
  );
  const { source } = await startSource(limited, { deployment: 'datacenter' }, '', realClock);

  for (let round = 0; round < 20; round++) await readListing(source.listPages(eng, { bodies: false }, never));

  expect(refused).toBe(0);
});
