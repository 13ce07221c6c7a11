import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import {
  ConfluenceUnavailable,
  CredentialsRefused,
  Interrupted,
  LeaseLost,
  WrongConfiguration,
} from '../../../src/sync/errors.ts';
import { realClock } from '../../support/test-clock.ts';
import { startScriptedSite, type SiteAnswer } from '../../support/scripted-site.ts';
import { cloudList, cloudPages, cloudRow, cloudSite, hr } from './cloud-site.ts';
import { readListing } from './read-listing.ts';
import { never, startSource, stopSources } from './start-source.ts';

afterEach(stopSources);

const spacesPath = '/wiki/api/v2/spaces';
const good = cloudList([hr]);
const html = { 'content-type': 'text/html;charset=UTF-8' };
const page = '<!DOCTYPE html><html><body>Log in</body></html>';

/** A list of spaces that answers `answers` first and is well afterwards. */
async function withSpaces(answers: readonly SiteAnswer[], settings = {}) {
  return await startSource(cloudSite({ [spacesPath]: ({ nth }) => answers[nth] ?? good }), settings);
}

test.each([408, 425, 429, 500, 502, 503, 504])('S6 HTTP %d is tried again', async (status) => {
  const { source } = await withSpaces([
    { status, json: {} },
    { status, body: page, headers: html },
  ]);

  const listing = await source.listSpaces(never);

  expect(listing.complete).toBe(true);
  expect(source.counts().retries).toBe(2);
});

test('S7 a server that always fails ends as unavailable after a bounded number of tries', async () => {
  const { source, site } = await startSource({ '/*': () => ({ status: 503, json: {} }) });

  const listing = source.listSpaces(never);

  await expect(listing).rejects.toBeInstanceOf(ConfluenceUnavailable);
  expect(site.requests.length).toBeLessThan(30);
});

test('a dead port ends as unavailable', async () => {
  const { source, site } = await startSource({});
  await site.close();

  const asked = source.whoAmI(never);

  await expect(asked).rejects.toBeInstanceOf(ConfluenceUnavailable);
});

test('S1 while one request is told to wait, no other is sent', async () => {
  const ids = Array.from({ length: 2000 }, (_, index) => String(index + 1));
  let toldAt = Infinity;
  const { source, site } = await startSource(
    cloudSite({
      '/wiki/api/v2/pages': ({ nth, atMs }) => {
        if (nth === 4) toldAt = atMs;
        if (nth === 4) return { status: 429, json: {}, headers: { 'retry-after': '1' } };
        return (response) => setTimeout(() => response.writeHead(200).end('{"results":[]}'), 30);
      },
    }),
    {},
    '',
    realClock,
  );

  await source.fetchPages(ids, never);

  const waits = site.to('/wiki/api/v2/pages').map(({ atMs }) => atMs - toldAt);
  expect(waits.filter((ms) => ms > 300 && ms < 900)).toEqual([]);
  expect(waits.filter((ms) => ms >= 900).length).toBeGreaterThanOrEqual(13);
});

test('S1 all requests wait as long as Confluence asks one of them to', async () => {
  const rows = Array.from({ length: 300 }, (_, index) => cloudRow(index + 1));
  const pages = cloudPages(rows);
  const { source, clock, site } = await startSource(
    cloudSite({
      ...pages,
      '/wiki/api/v2/pages': (request) =>
        request.nth === 0
          ? { status: 429, json: {}, headers: { 'retry-after': '7' } }
          : (pages['/wiki/api/v2/pages']?.(request) ?? good),
    }),
    { concurrency: 1 },
  );
  await source.site(never);

  await source.fetchPages(
    rows.map((row) => String(row['id'])),
    never,
  );

  const slept = clock.sleeps.reduce((sum, ms) => sum + ms, 0);
  expect(clock.sleeps[0]).toBeGreaterThan(6900);
  expect(clock.sleeps[0]).toBeLessThan(7100);
  expect(source.counts().retries).toBe(1);
  expect(Math.abs(source.counts().waitedMs - slept)).toBeLessThan(100);
  expect(site.to('/wiki/api/v2/pages')).toHaveLength(4);
});

test.each([
  ['zero', '0', 1000, 1000],
  ['negative', '-5', 1000, 1000],
  ['seconds', '90', 90_000, 90_000],
  ['a date ten minutes off from our clock', 'Fri, 20 Mar 2026 10:00:30 GMT', 30_000, 30_000],
])('S3 S4 S5 Retry-After %s is obeyed within bounds', async (_, value, least, most) => {
  const headers = { 'retry-after': value, date: 'Fri, 20 Mar 2026 10:00:00 GMT' };
  const { source, clock } = await withSpaces([{ status: 503, json: {}, headers }]);

  await source.listSpaces(never);

  const slept = clock.sleeps.reduce((sum, ms) => sum + ms, 0);
  expect(slept).toBeGreaterThan(least - 100);
  expect(slept).toBeLessThan(most + 100);
});

test.each(['soon', '7 bananas', '', 'NaN', '1e9'])(
  'S4 Retry-After %p falls back to a pause of our own',
  async (value) => {
    const { source, clock } = await withSpaces([
      { status: 429, json: {}, headers: { 'retry-after': value } },
    ]);

    await source.listSpaces(never);

    expect(clock.sleeps).toHaveLength(1);
    expect(clock.sleeps[0]).toBeGreaterThan(0);
    expect(clock.sleeps[0]).toBeLessThanOrEqual(1000);
  },
);

test('S2 X-RateLimit-Reset is obeyed where there is no Retry-After', async () => {
  const headers = { 'x-ratelimit-reset': '2026-03-20T10:01:00Z', date: 'Fri, 20 Mar 2026 10:00:00 GMT' };
  const { source, clock } = await withSpaces([{ status: 429, json: {}, headers }]);

  await source.listSpaces(never);

  expect(Math.round((clock.sleeps[0] ?? 0) / 1000)).toBe(60);
});

test.each(['901', '1847', '99999999999', 'Fri, 20 Mar 2026 12:00:00 GMT'])(
  'S4 a wait of %s ends the run instead of hammering',
  async (value) => {
    const headers = { 'retry-after': value, date: 'Fri, 20 Mar 2026 10:00:00 GMT' };
    const { source, site } = await withSpaces([{ status: 429, json: {}, headers }]);

    const listing = source.listSpaces(never);

    await expect(listing).rejects.toBeInstanceOf(ConfluenceUnavailable);
    expect(site.to(spacesPath)).toHaveLength(1);
  },
);

const whole = Buffer.from(JSON.stringify({ results: [hr], _links: {} }));

test('S9 S10 S11 an answer that breaks off at any byte is asked for again', async () => {
  const cuts = Array.from({ length: 12 }, (_, step) => Math.floor((whole.length * step) / 12));
  const broken = (cut: number): SiteAnswer[] => [
    (response, socket) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length });
      response.write(whole.subarray(0, cut), () => socket.resetAndDestroy());
    },
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length });
      response.write(whole.subarray(0, cut), () => response.destroy());
    },
    { body: whole.subarray(0, cut) },
  ];

  for (const cut of cuts) {
    const { source } = await withSpaces(broken(cut));
    const listing = await source.listSpaces(never);
    expect(listing.spaces).toEqual([hr]);
    expect(source.counts().retries).toBe(3);
  }
});

test.each<[string, SiteAnswer]>([
  ['401', { status: 401, json: {} }],
  ['401 with HTML', { status: 401, body: page, headers: html }],
  ['S12 a login page', { body: page, headers: html }],
  ['S12 a login page that claims to be JSON', { body: page }],
  [
    'S13 a failed login in a header',
    { json: { results: [] }, headers: { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' } },
  ],
  ['S16 a CAPTCHA', { status: 403, json: {}, headers: { 'x-seraph-loginreason': 'AUTHENTICATION_DENIED' } }],
  [
    'S18 a redirect to a login',
    { status: 302, json: {}, headers: { location: 'https://sso.example.com/saml?x=1' } },
  ],
  [
    'a redirect to the own login page',
    { status: 302, json: {}, headers: { location: '/login.action?os_destination=%2F' } },
  ],
])('%s ends as refused credentials at once', async (_, answer) => {
  const { source, site } = await withSpaces([answer, answer, answer]);

  const listing = source.listSpaces(never);

  await expect(listing).rejects.toBeInstanceOf(CredentialsRefused);
  expect(site.to(spacesPath)).toHaveLength(1);
});

test.each<[string, SiteAnswer, string]>([
  [
    'a redirect elsewhere',
    { status: 301, json: {}, headers: { location: 'https://new.example.com/wiki/api?token=x' } },
    'https://new.example.com',
  ],
  [
    'S19 a redirect to plain http',
    { status: 301, json: {}, headers: { location: 'http://127.0.0.1:9/x' } },
    'http://127.0.0.1:9',
  ],
  ['a removed endpoint', { status: 410, json: {} }, '/api/v2/spaces'],
])('%s ends as wrong configuration that names it', async (_, answer, named) => {
  const { source, site } = await withSpaces([answer, answer]);

  const error = await source.listSpaces(never).catch((caught: unknown) => caught);

  expect(error).toBeInstanceOf(WrongConfiguration);
  expect(String(error)).toContain(named);
  expect(String(error)).not.toContain('token=x');
  expect(site.to(spacesPath)).toHaveLength(1);
});

test('S18 credentials never follow a redirect to another host', async () => {
  const other = await startScriptedSite({ '/*': () => good });
  const { source } = await withSpaces([
    { status: 302, json: {}, headers: { location: `${other.origin}/x` } },
  ]);

  await expect(source.listSpaces(never)).rejects.toBeInstanceOf(WrongConfiguration);

  expect(other.requests).toHaveLength(0);
  await other.close();
});

test.each([403, 404])('a HTTP %d made by the content network is tried again', async (status) => {
  const headers = { 'x-cache': 'Error from cloudfront' };
  const { source } = await withSpaces([{ status, json: {}, headers }]);

  const listing = await source.listSpaces(never);

  expect(listing.complete).toBe(true);
});

test('S17 a 403 after answers that worked is tried once more', async () => {
  const { source, site } = await startSource(
    cloudSite({ [spacesPath]: ({ nth }) => (nth === 1 ? { status: 403, json: {} } : good) }),
  );
  await source.listSpaces(never);

  const listing = await source.listSpaces(never);

  expect(listing.complete).toBe(true);
  expect(site.to(spacesPath)).toHaveLength(3);
});

test('S36 an answer that unpacks to more than allowed is given up without being held whole', async () => {
  const bomb = gzipSync(Buffer.alloc(64_000_000, 32));
  const { source, site } = await startSource(
    cloudSite({
      [`${spacesPath}/98308/pages`]: () => ({ body: bomb, headers: { 'content-encoding': 'gzip' } }),
    }),
    { maxBodyBytes: 100_000 },
  );
  const before = process.memoryUsage().rss;

  const listing = await readListing(source.listPages(hr, { bodies: false }, never));

  expect(listing.end?.complete).toBe(false);
  expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
  expect(site.requests.length).toBeLessThan(15);
});

test('S37 a chain of encodings is refused without being asked for again', async () => {
  const body = gzipSync(gzipSync(whole));
  const headers = { 'content-encoding': 'gzip, gzip' };
  const { source } = await startSource(cloudSite({ [spacesPath]: () => ({ body, headers }) }));

  await expect(source.listSpaces(never)).rejects.toBeInstanceOf(ConfluenceUnavailable);
  expect(source.counts().retries).toBe(0);
});

test('a compressed answer is read', async () => {
  const { source } = await withSpaces([{ body: gzipSync(whole), headers: { 'content-encoding': 'gzip' } }]);

  const listing = await source.listSpaces(never);

  expect(listing.spaces).toEqual([hr]);
  expect(source.counts().bytes).toBeGreaterThan(whole.length);
});

test('S39 an answer that drips ends at the deadline and is asked for again', async () => {
  const drip: SiteAnswer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => {
      clearInterval(timer);
    });
  };
  const { source } = await withSpaces([drip], { timeoutMs: 300 });
  const begun = performance.now();

  const listing = await source.listSpaces(never);

  expect(listing.complete).toBe(true);
  expect(performance.now() - begun).toBeLessThan(2000);
});

test('S40 a server that never answers is given up at the deadline', async () => {
  const { source } = await withSpaces([() => undefined], { timeoutMs: 200 });

  const listing = await source.listSpaces(never);

  expect(listing.complete).toBe(true);
  expect(source.counts().retries).toBe(1);
});

test('S45 two hundred thousand nested arrays are an answer that is no list', async () => {
  const { source } = await startSource(
    cloudSite({ [spacesPath]: () => ({ body: '['.repeat(200_000) + ']'.repeat(200_000) }) }),
  );

  await expect(source.listSpaces(never)).rejects.toBeInstanceOf(ConfluenceUnavailable);
});

test.each([
  [
    'in the middle of an answer',
    (): SiteAnswer => (response) => {
      response.writeHead(200);
      response.write('{');
    },
  ],
  ['while it waits', (): SiteAnswer => ({ status: 503, json: {}, headers: { 'retry-after': '600' } })],
])('stopping %s ends as interrupted', async (_, answer) => {
  const stop = new AbortController();
  const { source } = await startSource(cloudSite({ [spacesPath]: answer }), {}, '', realClock);
  await source.site(never);
  setTimeout(() => {
    stop.abort();
  }, 100);

  await expect(source.listSpaces(stop.signal)).rejects.toBeInstanceOf(Interrupted);
});

test('a stop for a reason of ours ends with that reason', async () => {
  const { source } = await startSource(cloudSite({}));

  const listing = source.listSpaces(AbortSignal.abort(new LeaseLost('another worker took over')));

  await expect(listing).rejects.toBeInstanceOf(LeaseLost);
});

test('never more requests than allowed are in flight', async () => {
  let now = 0;
  let most = 0;
  const rows = Array.from({ length: 900 }, (_, index) => String(index + 1));
  const { source } = await startSource(
    cloudSite({
      '/wiki/api/v2/pages': () => (response) => {
        most = Math.max(most, ++now);
        setTimeout(() => {
          now--;
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end('{"results":[]}');
        }, 10);
      },
    }),
    { concurrency: 3 },
  );

  await Promise.all([source.fetchPages(rows, never), source.fetchPages(rows, never)]);

  expect(most).toBe(3);
});

test('S15 after the first refusal no further request is sent', async () => {
  const ids = Array.from({ length: 2000 }, (_, index) => String(index + 1));
  const { source, site } = await startSource(
    cloudSite({ '/wiki/api/v2/pages': ({ nth }) => (nth < 3 ? cloudList([]) : { status: 401, json: {} }) }),
    { concurrency: 2 },
  );

  await expect(source.fetchPages(ids, never)).rejects.toBeInstanceOf(CredentialsRefused);

  expect(site.to('/wiki/api/v2/pages').length).toBeLessThanOrEqual(6);
});

test('requests carry the credentials, and no log line or error does', async () => {
  const secrets = ['canary-token', Buffer.from('ada@example.com:canary-token').toString('base64')];
  const { source, site, logged } = await withSpaces([
    { status: 500, json: {} },
    (_, socket) => socket.resetAndDestroy(),
    { status: 302, json: {}, headers: { location: '/login' } },
  ]);

  const error = await source.listSpaces(never).catch((caught: unknown) => caught);

  const said = inspect(error, { depth: 20, showHidden: true }) + logged.join('\n');
  for (const secret of secrets) expect(said).not.toContain(secret);
  expect(logged).toHaveLength(2);
  expect(logged[0]).toContain('/api/v2/spaces');
  expect(site.to(spacesPath)[0]?.headers.authorization).toBe(`Basic ${secrets[1] ?? ''}`);
  expect(site.to('/_edge/tenant_info')[0]?.headers.authorization).toBeUndefined();
});

test('a bearer token is sent as one, and a token with blanks is refused without being shown', async () => {
  const token = createHash('sha256').update('x').digest('hex');
  const { source, site } = await withSpaces([], { credentials: { kind: 'bearer', token } });

  await source.listSpaces(never);

  expect(site.to(spacesPath)[0]?.headers.authorization).toBe(`Bearer ${token}`);
  const broken = startSource({}, { credentials: { kind: 'bearer', token: 'two words' } });
  await expect(broken).rejects.toThrow(/^(?!.*two words).*CONFLUENCE_ACCESS_TOKEN/);
});
