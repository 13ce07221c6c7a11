import { inspect } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { tokenUrl } from '../../../src/confluence/api-roots.ts';
import { normaliseBaseUrl } from '../../../src/confluence/normalise-base-url.ts';
import { ConfluenceUnavailable, CredentialsRefused, WrongConfiguration } from '../../../src/sync/errors.ts';
import type { SiteAnswer, SiteRoutes } from '../../support/scripted-site.ts';
import { cloudSite, hr } from './cloud-site.ts';
import { never, startSource, stopSources } from './start-source.ts';

afterEach(stopSources);

const root = '/ex/confluence/a1b2/wiki';
const settings = {
  deployment: 'auto' as const,
  credentials: { kind: 'oauth' as const, clientId: 'client-1', clientSecret: 'canary-secret' },
};

const granted = (token: string, expires_in = 3600): SiteAnswer => ({
  json: { access_token: token, expires_in, token_type: 'Bearer' },
});

/** A Cloud that is open only to this token, behind its gateway. */
function behindGateway(tokens: SiteRoutes[string], isGood: (authorization: string | undefined) => boolean) {
  const guarded = (answer: SiteAnswer): SiteRoutes[string] => {
    return ({ headers }) => (isGood(headers.authorization) ? answer : { status: 401, json: {} });
  };
  return cloudSite({
    '/oauth/token': tokens,
    [`${root}/rest/api/user/current`]: guarded({ json: { type: 'known', accountId: 'bot' } }),
    [`${root}/api/v2/spaces`]: guarded({ json: { results: [hr], _links: {} } }),
  });
}

test('client credentials are exchanged once for a token that works through the gateway', async () => {
  const { source, site } = await startSource(
    behindGateway(
      () => granted('t-1'),
      (sent) => sent === 'Bearer t-1',
    ),
    settings,
  );

  expect(await source.site(never)).toMatchObject({ baseUrl: `${site.origin}${root}`, cloudId: 'a1b2' });
  await Promise.all([source.whoAmI(never), source.listSpaces(never), source.listSpaces(never)]);

  const asked = site.to('/oauth/token');
  expect(asked).toHaveLength(1);
  expect(asked[0]?.method).toBe('POST');
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
    grant_type: 'client_credentials',
    client_id: 'client-1',
    client_secret: 'canary-secret',
  });
  expect(asked[0]?.headers.authorization).toBeUndefined();
});

test('a token is renewed before it ends', async () => {
  const { source, site, clock } = await startSource(
    behindGateway(
      ({ nth }) => granted(`t-${nth}`, 600),
      () => true,
    ),
    settings,
  );
  await source.whoAmI(never);
  await clock.sleep(500_000, never);
  await source.whoAmI(never);
  await clock.sleep(45_000, never);

  await source.whoAmI(never);

  const sent = site.to(`${root}/rest/api/user/current`).map(({ headers }) => headers.authorization);
  expect(sent).toEqual(['Bearer t-0', 'Bearer t-0', 'Bearer t-1']);
});

test('a token that Confluence refuses is renewed once, without the caller noticing', async () => {
  let good = 'Bearer t-0';
  const { source, site } = await startSource(
    behindGateway(
      ({ nth }) => granted(`t-${nth}`),
      (sent) => sent === good,
    ),
    settings,
  );
  await source.whoAmI(never);
  good = 'Bearer t-1';

  const [, spaces] = await Promise.all([source.whoAmI(never), source.listSpaces(never)]);

  expect(spaces.spaces).toEqual([hr]);
  expect(site.to('/oauth/token')).toHaveLength(2);
});

test('S15 an account that is refused with a new token too ends as refused credentials', async () => {
  const { source, site } = await startSource(
    behindGateway(
      ({ nth }) => granted(`t-${nth}`),
      () => false,
    ),
    settings,
  );

  await expect(source.listSpaces(never)).rejects.toBeInstanceOf(CredentialsRefused);
  expect(site.to('/oauth/token')).toHaveLength(2);
  expect(site.to(`${root}/api/v2/spaces`)).toHaveLength(2);
});

test.each([400, 401, 403])(
  'a secret that is refused with HTTP %d is not tried again or told',
  async (status) => {
    const answer = { status, json: { error: 'access_denied', error_description: 'canary-secret' } };
    const { source, site, logged } = await startSource(
      behindGateway(
        () => answer,
        () => true,
      ),
      settings,
    );

    const error: unknown = await source.whoAmI(never).catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(CredentialsRefused);
    expect(String(error)).toContain('CONFLUENCE_OAUTH_CLIENT_ID');
    expect(inspect(error, { depth: 20, showHidden: true }) + logged.join()).not.toContain('canary-secret');
    expect(site.to('/oauth/token')).toHaveLength(1);
  },
);

test('a token endpoint that fails for a while is asked again', async () => {
  const failures: SiteAnswer[] = [
    { status: 503, json: {} },
    { status: 429, json: {}, headers: { 'retry-after': '3' } },
    { json: { hello: 'world' } },
    { json: { access_token: 'two words' } },
  ];
  const { source, logged } = await startSource(
    behindGateway(
      ({ nth }) => failures[nth] ?? granted('t'),
      (sent) => sent === 'Bearer t',
    ),
    settings,
  );

  expect(await source.whoAmI(never)).toMatchObject({ id: 'bot' });
  expect(source.counts().retries).toBe(4);
  expect(logged.join()).not.toContain('canary-secret');
});

test('a token endpoint that always fails ends as unavailable', async () => {
  const { source } = await startSource(
    behindGateway(
      () => ({ status: 500, json: {} }),
      () => true,
    ),
    settings,
  );

  await expect(source.whoAmI(never)).rejects.toBeInstanceOf(ConfluenceUnavailable);
});

test('client credentials for Data Center are wrong configuration, and nothing is sent', async () => {
  const { source, site } = await startSource(cloudSite({}), { ...settings, deployment: 'datacenter' });

  await expect(source.site(never)).rejects.toBeInstanceOf(WrongConfiguration);
  expect(site.requests).toEqual([]);
});

test.each([
  ['http://127.0.0.1:8090/wiki', 'http://127.0.0.1:8090/oauth/token'],
  ['http://localhost:8090', 'http://localhost:8090/oauth/token'],
  ['http://[::1]:8090', 'http://[::1]:8090/oauth/token'],
  ['https://acme.atlassian.net', 'https://auth.atlassian.com/oauth/token'],
  ['https://api.atlassian.com/ex/confluence/a1', 'https://auth.atlassian.com/oauth/token'],
  ['https://127.0.0.1.example.com', 'https://auth.atlassian.com/oauth/token'],
  ['https://localhost.example.com', 'https://auth.atlassian.com/oauth/token'],
])('for %s the client secret goes to %s alone', (address, url) => {
  expect(tokenUrl(normaliseBaseUrl(address)).href).toBe(url);
});
