import { afterEach, describe, expect, test } from '@jest/globals';
import { CredentialsRefused, ScopeMissing } from '../../../src/sync/errors.ts';
import { readListing } from './read-listing.ts';
import { bare404, cloudList, cloudNotFound, cloudPages, cloudRow, cloudSite } from './cloud-site.ts';
import { dataCenter, eng, serverRow } from './data-center-site.ts';
import { startSource, stopSources } from './start-source.ts';
import type { SiteRoutes } from '../../support/scripted-site.ts';

afterEach(stopSources);

const never = new AbortController().signal;
const below = (id: string, parentId: string) => ({ id, parentId });

describe('what is above pages of Cloud', () => {
  const rows = [cloudRow(1), cloudRow(2, { parentId: '1' }), cloudRow(3, { parentId: '900' })];
  const start = async (routes: SiteRoutes = {}) =>
    await startSource(cloudSite({ ...cloudPages(rows), ...routes }));
  const chain = (...ids: string[]) => ({
    '/wiki/api/v2/pages/7/ancestors': () => cloudList(ids.map((id) => ({ id, type: 'page' }))),
  });

  test('parents that are pages are told in one request', async () => {
    const { source, site } = await start();

    const answers = await source.ancestry([below('7', '2'), below('8', '1'), below('9', '3')], never);

    expect(Object.fromEntries(answers)).toEqual({
      '7': { kind: 'parent', parentId: '1' },
      '8': { kind: 'parent', parentId: null },
      '9': { kind: 'parent', parentId: '900' },
    });
    expect(site.to('/wiki/api/v2/pages').map(({ query }) => query.get('id'))).toEqual(['2,1,3']);
  });

  test('above a parent that is no page all ancestors are told, without the page itself', async () => {
    const { source } = await start(chain('1', '900', '7'));

    const answers = await source.ancestry([below('7', '900')], never);

    expect(answers.get('7')).toEqual({ kind: 'chain', ancestorIds: ['1', '900'] });
  });

  test('ancestors that may be cut are believed for one step alone', async () => {
    const many = Array.from({ length: 24 }, (_, index) => String(index + 1000));
    const right = await start(chain(...many, '900'));
    const wrong = await start(chain(...many, '901'));

    const believed = await right.source.ancestry([below('7', '900')], never);
    const doubted = await wrong.source.ancestry([below('7', '900')], never);

    expect(believed.get('7')).toEqual({ kind: 'parent', parentId: '1023' });
    expect(doubted.get('7')?.kind).toBe('unclear');
  });

  test('a bulk answer that fails or holds strangers costs only questions one by one', async () => {
    const failing = await start({ ...chain('1'), '/wiki/api/v2/pages': () => ({ status: 500, json: {} }) });
    const strange = await start({ ...chain('1'), '/wiki/api/v2/pages': () => cloudList([cloudRow(66)]) });

    for (const { source } of [failing, strange]) {
      const answers = await source.ancestry([below('7', '2')], never);

      expect(answers.get('7')).toEqual({ kind: 'chain', ancestorIds: ['1'] });
    }
  });

  test('a page that went meanwhile is absent, and a 404 without a word is nothing to rely on', async () => {
    const gone = await start({ '/wiki/api/v2/pages/7/ancestors': () => cloudNotFound('7') });
    const silent = await start({ '/wiki/api/v2/pages/7/ancestors': () => bare404 });

    expect((await gone.source.ancestry([below('7', '900')], never)).get('7')).toEqual({ kind: 'absent' });
    expect((await silent.source.ancestry([below('7', '900')], never)).get('7')?.kind).toBe('unclear');
  });

  test('revoked credentials end it', async () => {
    let signedIn = true;
    const { source } = await start({
      '/wiki/rest/api/user/current': () =>
        signedIn ? { json: { type: 'known', accountId: 'a' } } : { json: { type: 'anonymous' } },
      '/wiki/api/v2/pages/7/ancestors': () => bare404,
    });
    await source.whoAmI(never);
    signedIn = false;

    await expect(source.ancestry([below('7', '900')], never)).rejects.toThrow(CredentialsRefused);
  });

  test('a token without the scope for it ends it, and the scope is named', async () => {
    const { source } = await start({
      '/wiki/api/v2/pages/7/ancestors': () => ({
        status: 401,
        json: { code: 401, message: 'Unauthorized; scope does not match' },
      }),
    });

    const asking = source.ancestry([below('7', '900')], never);

    await expect(asking).rejects.toThrow(ScopeMissing);
    await expect(asking).rejects.toThrow('read:content.metadata:confluence');
  });

  test('an answer that is no list of ancestors is unclear', async () => {
    const { source } = await start({
      '/wiki/api/v2/pages/7/ancestors': () => cloudList([{ id: null }]),
    });

    expect((await source.ancestry([below('7', '900')], never)).get('7')?.kind).toBe('unclear');
  });
});

describe('what is above pages of Data Center', () => {
  test('comes with the rows of the listing, and without them is asked for', async () => {
    const rows = [serverRow(7), serverRow(8, { ancestors: undefined }), serverRow(9, { ancestors: [{}] })];
    const routes = dataCenter('', rows, {
      '/rest/api/content/8': () => ({ json: serverRow(8) }),
      '/rest/api/content/9': () => ({ json: serverRow(9, { ancestors: 'none' }) }),
    });
    const { source } = await startSource(routes, { deployment: 'datacenter' });

    const { pages } = await readListing(source.listPages(eng, { bodies: false }, never));
    const asked = await source.ancestry([below('8', '0'), below('9', '0')], never);

    expect(pages.map((page) => (page.kind === 'head' ? page.ancestorIds : page.kind))).toEqual([
      ['5', '6'],
      null,
      null,
    ]);
    expect(asked.get('8')).toEqual({ kind: 'chain', ancestorIds: ['5', '6'] });
    expect(asked.get('9')?.kind).toBe('unclear');
  });
});
