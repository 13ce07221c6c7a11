import { afterEach, expect, test } from '@jest/globals';
import { fitsAddress } from '../../../src/confluence/fits-address.ts';
import { normaliseBaseUrl } from '../../../src/confluence/normalise-base-url.ts';
import { ConfluenceUnavailable, CredentialsRefused } from '../../../src/sync/errors.ts';
import type { Site } from '../../../src/sync/source.ts';
import { cloudSite } from './cloud-site.ts';
import { dataCenter } from './data-center-site.ts';
import { never, plain, startSource, stopSources } from './start-source.ts';

afterEach(stopSources);

const auto = { deployment: 'auto' as const };
const cloud = (baseUrl: string, cloudId: string | null = 'a1b2'): Site => ({
  deployment: 'cloud',
  baseUrl,
  cloudId,
  version: null,
});

test.each(['/wiki', ''])(
  'Cloud known from before and configured as %p is not asked for again',
  async (path) => {
    const { source, site } = await startSource(cloudSite({}), auto, path);
    const before = cloud(`${site.origin}/wiki`);

    expect(await source.site(never, before)).toEqual(before);
    expect(site.requests).toEqual([]);
    expect(await source.whoAmI(never)).toMatchObject({ kind: 'user' });
    expect(site.requests).toHaveLength(1);
  },
);

test('Data Center known from before is not asked for again', async () => {
  const { source, site } = await startSource(dataCenter('/confluence', []), auto, '/confluence');
  const before: Site = {
    deployment: 'datacenter',
    baseUrl: `${site.origin}/confluence`,
    cloudId: null,
    version: '8.5.1',
  };

  expect(await source.site(never, before)).toEqual(before);
  expect(site.requests).toEqual([]);
});

test('another site than before is asked for, and what was found stays', async () => {
  const { source, site } = await startSource(cloudSite({}), auto);

  const found = await source.site(never, cloud('http://127.0.0.1:1/wiki'));

  expect(found.baseUrl).toBe(`${site.origin}/wiki`);
  expect(await source.site(never, cloud(`${site.origin}/wiki`, 'other'))).toEqual(found);
});

const bearer = { kind: 'bearer' as const, token: 't' };

test.each<[string, Site, object, boolean]>([
  ['https://acme.atlassian.net', cloud('https://acme.atlassian.net/wiki'), {}, true],
  ['https://other.atlassian.net', cloud('https://acme.atlassian.net/wiki'), {}, false],
  ['https://acme.atlassian.net', cloud('https://acme.atlassian.net/wiki'), { credentials: bearer }, false],
  ['https://acme.atlassian.net', cloud('https://acme.atlassian.net/wiki'), { cloudId: 'zz' }, false],
  [
    'https://acme.atlassian.net',
    cloud('https://acme.atlassian.net/wiki'),
    { deployment: 'datacenter' },
    false,
  ],
  [
    'https://acme.atlassian.net',
    cloud('https://api.atlassian.com/ex/confluence/a1b2/wiki'),
    { credentials: bearer },
    false,
  ],
  [
    'https://acme.atlassian.net',
    cloud('https://api.atlassian.com/ex/confluence/a1b2/wiki'),
    { credentials: bearer, cloudId: 'a1b2' },
    true,
  ],
  [
    'https://api.atlassian.com/ex/confluence/a1b2',
    cloud('https://api.atlassian.com/ex/confluence/a1b2/wiki'),
    { credentials: bearer },
    true,
  ],
  [
    'https://api.atlassian.com/ex/confluence/c3',
    cloud('https://api.atlassian.com/ex/confluence/a1b2/wiki'),
    { credentials: bearer },
    false,
  ],
  [
    'https://wiki.example.com/cf',
    { deployment: 'datacenter', baseUrl: 'https://wiki.example.com', cloudId: null, version: null },
    {},
    false,
  ],
])('for %s a site from before fits only if it is surely the same', (address, before, settings, fits) => {
  expect(fitsAddress(before, normaliseBaseUrl(address), { ...plain, ...auto, ...settings })).toBe(fits);
});

test('refused credentials at a site from before make it look again, and stay refused at the same one', async () => {
  const { source, site } = await startSource(
    cloudSite({ '/wiki/rest/api/user/current': () => ({ status: 401, json: {} }) }),
    auto,
  );
  await source.site(never, cloud(`${site.origin}/wiki`));

  await expect(source.whoAmI(never)).rejects.toBeInstanceOf(CredentialsRefused);
  expect(site.to('/_edge/tenant_info')).toHaveLength(1);
  expect(site.to('/wiki/rest/api/user/current')).toHaveLength(1);
});

test.each(['auto', 'cloud', 'datacenter'] as const)(
  'S40 a dead address is named with its port when the deployment is %s',
  async (deployment) => {
    const { source, site } = await startSource({}, { deployment }, '/wiki');
    await site.close();

    const error: unknown = await source.whoAmI(never).catch((caught: unknown) => caught);

    expect(error).toBeInstanceOf(ConfluenceUnavailable);
    expect(String(error)).toContain(`Confluence at ${site.origin} does not answer: `);
  },
);

test('S40 a dead address known from before is named too', async () => {
  const { source, site } = await startSource({}, auto);
  await site.close();
  await source.site(never, cloud(`${site.origin}/wiki`));

  await expect(source.whoAmI(never)).rejects.toThrow(`Confluence at ${site.origin} does not answer: `);
});
