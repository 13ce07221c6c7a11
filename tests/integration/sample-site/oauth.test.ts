import { describe, expect, test } from '@jest/globals';
import { createConfluenceSource } from '../../../src/confluence/create-confluence-source.ts';
import type { SampleSiteOptions } from '../../../src/sample-site/sample-site.ts';
import { runSync } from '../../../src/sync/run-sync.ts';
import { databaseParts } from '../../support/database-parts.ts';
import { blindObserver, fullRequest } from '../../support/full-request.ts';
import { createMemoryMirror } from '../../support/memory-mirror.ts';
import { serveSite, type Served } from './serve-site.ts';

const client = { clientId: 'service', clientSecret: 'service-secret' };

const post = (body: string): RequestInit => ({ method: 'POST', body });
const grant = (secret = client.clientSecret): RequestInit =>
  post(
    JSON.stringify({ grant_type: 'client_credentials', client_id: client.clientId, client_secret: secret }),
  );
const bearer = (token: unknown): RequestInit => ({ headers: { authorization: `Bearer ${String(token)}` } });

async function serveClient(options: Partial<SampleSiteOptions> = {}) {
  const served = await serveSite({ credentials: client, ...options });
  const { json } = await served.get(`${served.origin}/oauth/token`, grant());
  return {
    served,
    granted: json,
    me: bearer(json['access_token']),
    gateway: `${served.gatewayUrl ?? ''}/wiki`,
  };
}

describe('tokens for client credentials', () => {
  test('are given to the right client, in JSON or as a form', async () => {
    const { served, granted } = await serveClient();
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.clientSecret,
    });

    const again = await served.get(`${served.origin}/oauth/token`, post(form.toString()));

    expect(granted).toMatchObject({ expires_in: 3600, token_type: 'Bearer' });
    expect(String(granted['scope'])).toContain('read:page:confluence');
    expect(again.json['access_token']).not.toBe(granted['access_token']);
  });

  test('are given to nobody else', async () => {
    const { served } = await serveClient();
    const token = `${served.origin}/oauth/token`;

    expect((await served.get(token, grant('wrong'))).status).toBe(401);
    expect((await served.get(token, post('{"grant_type":"password"}'))).status).toBe(400);
    expect((await served.get(token, post('{'))).status).toBe(400);
    expect((await served.get(`${served.url}/api/v2/pages`, bearer('made-up'))).status).toBe(401);
  });

  test('work through the gateway, and are refused with a web page at the site’s own address', async () => {
    const { served, me, gateway } = await serveClient();

    const through = await served.get(`${gateway}/api/v2/pages`, me);
    const own = await served.get('/api/v2/pages', me);

    expect(through.status).toBe(200);
    expect(own.status).toBe(401);
    expect(own.headers.get('content-type')).toContain('text/html');
  });

  test('stand for the same account, one after the other, and tell which sites they open', async () => {
    const { served, me, gateway } = await serveClient();
    const { json } = await served.get(`${served.origin}/oauth/token`, grant());

    const first = await served.get(`${gateway}/rest/api/user/current`, me);
    const second = await served.get(`${gateway}/rest/api/user/current`, bearer(json['access_token']));
    const sites = await served.get(`${served.origin}/oauth/token/accessible-resources`, me);

    expect(second.json['accountId']).toBe(first.json['accountId']);
    expect(served.gatewayUrl).toContain(String(sites.json[0]?.['id']));
    expect(sites.json[0]?.['url']).toBe(served.origin);
  });

  test('end when they said they would', async () => {
    const { served, me, granted, gateway } = await serveClient({ faults: ['short_tokens:seconds=0.2'] });

    const before = await served.get(`${gateway}/api/v2/pages`, me);
    await new Promise((resolve) => setTimeout(resolve, 250));
    const after = await served.get(`${gateway}/api/v2/pages`, me);

    expect(granted['expires_in']).toBe(0.2);
    expect([before.status, after.status]).toEqual([200, 401]);
  });
});

test('a scope that is missing is named on its routes alone', async () => {
  const { served, me, gateway } = await serveClient({ faults: ['missing_scope:scope=read:page:confluence'] });

  const pages = await served.get(`${gateway}/api/v2/pages`, me);
  const spaces = await served.get(`${gateway}/api/v2/spaces`, me);

  expect(pages.status).toBe(401);
  expect(pages.json).toEqual({ code: 401, message: 'Unauthorized; scope does not match' });
  expect(spaces.status).toBe(200);
});

describe('a sync by client credentials', () => {
  test.each([
    ['given the site’s own address', (served: Served) => served.url],
    ['given the gateway’s address', (served: Served) => served.gatewayUrl ?? ''],
  ])('%s stores every page through the gateway, though tokens end within it', async (_, addressOf) => {
    const served = await serveSite({ credentials: client, pages: 60, faults: ['short_tokens:seconds=0.05'] });
    served.site.faults.add('slow_answer:delay_ms=30');
    const { mirror, error } = await syncWith(addressOf(served));

    const tokens = served.site.requests.filter(({ path }) => path === '/oauth/token');
    const others = served.site.requests.filter(({ authorization }) => authorization === 'bearer');
    expect(error).toBeNull();
    expect(mirror.rows.size).toBe(60);
    expect(tokens.length).toBeGreaterThan(1);
    expect(others.every(({ path }) => path.startsWith('/ex/confluence/'))).toBe(true);
  });
});

async function syncWith(baseUrl: string) {
  const settings = {
    baseUrl,
    deployment: 'auto',
    credentials: { kind: 'oauth', ...client },
    cloudId: null,
    contentTypes: ['page'],
    archived: 'include',
    concurrency: 4,
    timeoutMs: 5_000,
    maxBodyBytes: 10_000_000,
    ca: null,
    proxy: null,
    noProxy: null,
  } as const;
  const source = createConfluenceSource(settings, databaseParts);
  const mirror = createMemoryMirror();
  const parts = { ...databaseParts, ...mirror, source, observer: blindObserver };
  const { error } = await runSync(parts, fullRequest, new AbortController().signal);
  source.close();
  return { mirror, error };
}
