import { afterEach, expect, test } from '@jest/globals';
import { ConfluenceUnavailable, CredentialsRefused, WrongConfiguration } from '../../../src/sync/errors.ts';
import { normaliseBaseUrl } from '../../../src/confluence/normalise-base-url.ts';
import type { SiteAnswer, SiteRoutes } from '../../support/scripted-site.ts';
import { bare404, cloudList, cloudSite, hr } from './cloud-site.ts';
import { dataCenter } from './data-center-site.ts';
import { never, startSource, stopSources } from './start-source.ts';

afterEach(stopSources);

const auto = { deployment: 'auto' as const };

test.each([
  ['https://acme.atlassian.net', 'https://acme.atlassian.net', ''],
  ['https://acme.atlassian.net/', 'https://acme.atlassian.net', ''],
  [' acme.atlassian.net ', 'https://acme.atlassian.net', ''],
  ['<https://acme.atlassian.net/wiki>', 'https://acme.atlassian.net', '/wiki'],
  ['http://ACME.atlassian.net/wiki/', 'https://acme.atlassian.net', '/wiki'],
  ['https://acme.atlassian.net/wiki/home', 'https://acme.atlassian.net', '/wiki'],
  ['https://acme.atlassian.net/wiki/spaces/HR/overview?x=1#y', 'https://acme.atlassian.net', '/wiki'],
  ['https://acme.atlassian.net/wiki/x/AbC', 'https://acme.atlassian.net', '/wiki'],
  ['wiki.example.com:8443', 'https://wiki.example.com:8443', ''],
  ['http://wiki.example.com:8090/confluence/', 'http://wiki.example.com:8090', '/confluence'],
  ['https://wiki.example.com/confluence/display/HR/A+Title', 'https://wiki.example.com', '/confluence'],
  ['https://wiki.example.com/pages/viewpage.action?pageId=1', 'https://wiki.example.com', ''],
  ['https://wiki.example.com/wiki/cf/spaces/HR/pages/1/Title', 'https://wiki.example.com', '/wiki/cf'],
  ['https://wiki.example.com/wiki/cf/rest/api/content', 'https://wiki.example.com', '/wiki/cf'],
  ['https://wiki.example.com//confluence//dashboard.action', 'https://wiki.example.com', '/confluence'],
  ['https://wiki.example.com./', 'https://wiki.example.com', ''],
  ['https://wiki.example.com../', 'https://wiki.example.com', ''],
  ['localhost:8090', 'http://localhost:8090', ''],
  [
    'https://api.atlassian.com/ex/confluence/a1-b2/wiki/api/v2',
    'https://api.atlassian.com',
    '/ex/confluence/a1-b2',
  ],
])('the address %p is understood', (input, origin, contextPath) => {
  expect(normaliseBaseUrl(input)).toMatchObject({ origin, contextPath });
});

test.each([
  '',
  'ftp://wiki.example.com',
  'https://',
  'https://ada:pass-word@wiki.example.com',
  '(https://ada:pass-word@wiki.example.com)',
  'https://wiki.example.com/https://ada:pass-word@wiki.example.com',
  'https://wiki.example.com/ada%3Apass-word%40wiki.example.com',
  `https://wiki.example.com/${'wiki/'.repeat(200_000)}`,
  'https://api.atlassian.com',
  'https://api.atlassian.com/ex/confluence/wiki',
  'https://wiki..example.com',
  'not an address',
])('the address %p is refused without being repeated', (input) => {
  const read = () => normaliseBaseUrl(input);

  expect(read).toThrow(WrongConfiguration);
  expect(read).toThrow(/CONFLUENCE_BASE_URL/);
  expect(read).not.toThrow(/pass-word/);
});

test.each(['', '/', '/wiki', '/wiki/', '/wiki/spaces/HR/overview'])(
  'Cloud pasted as %p is found below exactly one /wiki',
  async (path) => {
    const { source, site } = await startSource(cloudSite({}), auto, path);

    expect(await source.site(never)).toEqual({
      deployment: 'cloud',
      baseUrl: `${site.origin}/wiki`,
      cloudId: 'a1b2',
      version: null,
    });
  },
);

test('Cloud behind the gateway is asked through the gateway', async () => {
  const { source, site } = await startSource(
    { '/ex/confluence/a1b2/wiki/api/v2/spaces': () => cloudList([hr]) },
    auto,
    '/ex/confluence/a1b2',
  );

  expect(await source.site(never)).toMatchObject({ deployment: 'cloud', cloudId: 'a1b2' });
  expect((await source.listSpaces(never)).spaces).toEqual([hr]);
  expect(site.requests.every(({ path }) => path.startsWith('/ex/confluence/a1b2/wiki/'))).toBe(true);
});

test.each(['', '/confluence', '/wiki/cf', '/wiki'])(
  'Data Center at %p is found by its own words',
  async (context) => {
    const { source, site } = await startSource(dataCenter(context, []), auto, `${context}/display/ENG/Home`);

    expect(await source.site(never)).toEqual({
      deployment: 'datacenter',
      baseUrl: `${site.origin}${context}`,
      cloudId: null,
      version: '9.2.1',
    });
  },
);

const html: SiteAnswer = { body: '<html>hello</html>', headers: { 'content-type': 'text/html' } };

test.each<[string, SiteRoutes, string]>([
  ['Cloud without its tenant', { '/wiki/api/v2/spaces': () => cloudList([hr]) }, 'cloud'],
  ['an old server', { '/rest/api/space': () => cloudList([]) }, 'datacenter'],
  [
    'Cloud that shows HTML elsewhere',
    { '/wiki/api/v2/spaces': () => cloudList([hr]), '/*': () => html },
    'cloud',
  ],
  [
    'an old server that shows HTML elsewhere',
    { '/rest/api/space': () => cloudList([]), '/*': () => html },
    'datacenter',
  ],
  [
    'an old server that fails elsewhere',
    { '/rest/api/space': () => cloudList([]), '/*': () => ({ status: 500, json: {} }) },
    'datacenter',
  ],
])('%s is recognised by the list of spaces', async (_, routes, deployment) => {
  const { source } = await startSource(routes, auto);

  expect(await source.site(never)).toMatchObject({ deployment });
});

test.each<[string, SiteAnswer, new (message: string) => Error]>([
  ['refuses everything', { status: 401, json: {} }, CredentialsRefused],
  ['forbids everything', { status: 403, json: {} }, CredentialsRefused],
  ['shows a login page everywhere', html, CredentialsRefused],
  [
    'redirects to a login',
    { status: 302, json: {}, headers: { location: '/login.action' } },
    CredentialsRefused,
  ],
  [
    'redirects elsewhere',
    { status: 301, json: {}, headers: { location: 'https://elsewhere.example.com/' } },
    WrongConfiguration,
  ],
  [
    'has nothing',
    { status: 404, body: 'not found', headers: { 'content-type': 'text/plain' } },
    WrongConfiguration,
  ],
  ['has other JSON', { json: { hello: 'world' } }, WrongConfiguration],
  ['always fails', { status: 503, json: {} }, ConfluenceUnavailable],
])('S12 an address that %s is told apart', async (_, answer, kind) => {
  const { source } = await startSource({ '/*': () => answer }, auto);

  await expect(source.site(never)).rejects.toBeInstanceOf(kind);
});

test('S53 a plain server behind an https address is a matter of configuration', async () => {
  const { site } = await startSource({});
  const { source } = await startSource({}, { ...auto, baseUrl: site.origin.replace('http:', 'https:') });

  await expect(source.site(never)).rejects.toBeInstanceOf(WrongConfiguration);
});

test('a failed look for the site is not remembered', async () => {
  const { source } = await startSource(
    cloudSite({
      '/_edge/tenant_info': ({ nth }) => (nth < 4 ? { status: 503, json: {} } : { json: { cloudId: 'c' } }),
      '/wiki/api/v2/spaces': () => bare404,
    }),
    auto,
  );
  await expect(source.site(never)).rejects.toBeInstanceOf(ConfluenceUnavailable);

  expect(await source.site(never)).toMatchObject({ cloudId: 'c' });
});

test.each<[string, SiteAnswer, object]>([
  [
    'a Cloud user',
    { json: { type: 'known', accountId: 'a-1', displayName: 'Ada' } },
    { kind: 'user', id: 'a-1', displayName: 'Ada' },
  ],
  [
    'a server user',
    { json: { type: 'known', userKey: 'k-1', username: 'ada' } },
    { kind: 'user', id: 'k-1', displayName: 'k-1' },
  ],
  ['nobody', { json: { type: 'anonymous' } }, { kind: 'anonymous' }],
  ['a user without an id', { json: { type: 'known' } }, { kind: 'unknown' }],
  ['a missing endpoint', { status: 404, json: {} }, { kind: 'unknown' }],
  ['a removed endpoint', { status: 410, json: {} }, { kind: 'unknown' }],
  [
    'a missing scope',
    { status: 401, json: { code: 401, message: 'Unauthorized; scope does not match' } },
    { kind: 'unknown' },
  ],
])('%s is told by the current user', async (_, answer, identity) => {
  const { source } = await startSource(cloudSite({ '/wiki/rest/api/user/current': () => answer }));

  expect(await source.whoAmI(never)).toMatchObject(identity);
});

test.each<[string, SiteAnswer]>([
  ['401', { status: 401, json: {} }],
  [
    'an account that may not use Confluence',
    { status: 403, json: { message: 'Current user not permitted to use Confluence', statusCode: 403 } },
  ],
])('%s is refused credentials', async (_, answer) => {
  const { source } = await startSource(cloudSite({ '/wiki/rest/api/user/current': () => answer }));

  await expect(source.whoAmI(never)).rejects.toBeInstanceOf(CredentialsRefused);
});
