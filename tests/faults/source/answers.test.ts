import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { ConfluenceUnavailable } from '../../../src/sync/errors.ts';
import type { Clock } from '../../../src/sync/ambient.ts';
import {
  cloudList,
  cloudPage,
  cloudPages,
  cloudRow,
  cloudSite,
  hr,
} from '../../unit/confluence/cloud-site.ts';
import { dataCenter, eng, serverRow } from '../../unit/confluence/data-center-site.ts';
import { readListing } from '../../unit/confluence/read-listing.ts';
import { never, startSource, stopSources } from '../../unit/confluence/start-source.ts';
import { realClock } from '../../support/test-clock.ts';

afterEach(stopSources);

const spacesPath = '/wiki/api/v2/spaces';
const listPath = '/wiki/api/v2/spaces/98308/pages';
const maintenance = {
  status: 503,
  body: '<html>Down for maintenance</html>',
  headers: { 'content-type': 'text/html' },
};

test('S2 without a word on how long, each wait may be twice as long as the one before', async () => {
  const { source, clock } = await startSource(
    cloudSite({ [spacesPath]: ({ nth }) => (nth < 4 ? { status: 429, json: {} } : cloudList([hr])) }),
  );

  await source.listSpaces(never);

  expect(clock.sleeps.map((ms) => Math.round(ms / 100) * 100)).toEqual([500, 1000, 2000, 4000]);
});

test('S21 through the gateway every further part of a list is asked for through the gateway', async () => {
  const root = '/ex/confluence/a1b2/wiki';
  const { source, site } = await startSource(
    {
      [`${root}/api/v2/spaces/98308/pages`]: ({ nth }) =>
        cloudList([cloudRow(nth + 1)], nth === 0 ? 'c' : undefined),
    },
    {},
    root,
  );

  const { ids } = await readListing(source.listPages(hr, { bodies: false }, never));

  expect(ids).toEqual(['1', '2']);
  expect(site.requests.every(({ path }) => path.startsWith(root))).toBe(true);
});

test('S28 a page that went between the list and its body is absent, and the others come', async () => {
  const rows = [cloudPage(1), cloudPage(2), cloudPage(3)];
  const { source } = await startSource(
    cloudSite({ ...cloudPages([rows[0] ?? {}, rows[2] ?? {}]), [listPath]: () => cloudList(rows) }),
  );
  const { ids } = await readListing(source.listPages(hr, { bodies: false }, never));

  const fetched = await source.fetchPages(ids, never);

  expect(fetched.filter((page) => page.kind === 'page')).toHaveLength(2);
  expect(fetched).toContainEqual({ kind: 'absent', id: '2' });
});

test('S32 moved, archived, restored and drafted pages are told as what they are', async () => {
  const rows = [
    cloudPage(1, '', { spaceId: '555', parentId: null }),
    cloudPage(2, '', { status: 'archived' }),
    cloudPage(3, '', { status: 'draft' }),
    cloudPage(4, '', { status: 'trashed' }),
  ];
  const { source } = await startSource(
    cloudSite({ ...cloudPages(rows), [`${spacesPath}/555`]: () => ({ json: { id: '555', key: 'FIN' } }) }),
  );

  const presences = await source.confirm(['1', '2', '3', '4'], never);

  expect(['1', '2', '3', '4'].map((id) => presences.get(id))).toMatchObject([
    { kind: 'live', spaceKey: 'FIN' },
    { kind: 'live', status: 'archived' },
    { kind: 'unclear' },
    { kind: 'trashed' },
  ]);
});

test.each([-14, 14])(
  'S35 with our clock %d hours off the same dates and the same waits come',
  async (hours) => {
    const slept: number[] = [];
    const clock: Clock = {
      ...realClock,
      now: () => new Date(Date.now() + hours * 3_600_000),
      sleep: (ms) => {
        slept.push(ms);
        return Promise.resolve();
      },
    };
    const date = 'Fri, 20 Mar 2026 10:00:00 GMT';
    const headers = { 'retry-after': 'Fri, 20 Mar 2026 10:00:30 GMT', date };
    const { source } = await startSource(
      cloudSite({
        [listPath]: ({ nth }) => (nth === 0 ? { status: 503, json: {}, headers } : cloudList([cloudRow(1)])),
      }),
      {},
      '',
      clock,
    );

    const { pages } = await readListing(source.listPages(hr, { bodies: false }, never));

    expect(pages).toMatchObject([{ lastUpdated: new Date('2026-03-19T14:23:48.556Z') }]);
    expect(Math.round((slept[0] ?? 0) / 1000)).toBe(30);
  },
);

test.each([
  ['S42 a NUL', 'N\u0000UL', '<p>a\u0000b</p>'],
  ['S43 half a surrogate pair', 'lone \uD800', '<p>\uDC00</p>'],
  ['S47 a very long title', 'Ж'.repeat(6000), '<p></p>'],
  ['S49 letters with their accents apart', 'e\u0301te\u0301', '<p>e\u0301</p>'],
])('%s comes exactly as Confluence sent it, and costs no page its place', async (_, title, storage) => {
  const { source } = await startSource(
    cloudSite(cloudPages([cloudPage(1), cloudPage(2, storage, { title }), cloudPage(3)])),
  );

  const { pages, end } = await readListing(source.listPages(hr, { bodies: true }, never));

  expect(pages.map((page) => page.kind)).toEqual(['page', 'page', 'page']);
  expect(pages[1]).toMatchObject({ head: { title }, storage });
  expect(end?.complete).toBe(true);
});

test('S50 only the storage format is ever asked for, which no macro changes by being shown', async () => {
  const { source, site } = await startSource(cloudSite(cloudPages([cloudPage(1), cloudPage(2)])));
  const there = await startSource(
    dataCenter('', [serverRow(1), serverRow(2)]),
    { deployment: 'datacenter' },
    '',
  );

  await readListing(source.listPages(hr, { bodies: true }, never));
  await source.fetchPages(['1', '2'], never);
  await readListing(there.source.listPages(eng, { bodies: true }, never));
  await there.source.fetchPages(['1', '2'], never);

  const formats = site.requests.flatMap(({ query }) => query.getAll('body-format'));
  const expanded = there.site.requests.flatMap(({ query }) => query.get('expand')?.match(/body\.\w+/g) ?? []);
  expect(new Set(formats)).toEqual(new Set(['storage']));
  expect(new Set(expanded)).toEqual(new Set(['body.storage']));
});

test('S52 a host without an address is tried again and ends as unavailable, by its name', async () => {
  const { source, clock } = await startSource(
    {},
    { baseUrl: 'http://nowhere.invalid:8090', deployment: 'datacenter' },
  );

  const asked = source.whoAmI(never);

  await expect(asked).rejects.toBeInstanceOf(ConfluenceUnavailable);
  await expect(asked).rejects.toThrow('Confluence at http://nowhere.invalid:8090 does not answer: ');
  expect(clock.sleeps.length).toBeGreaterThan(0);
});

test('S52 a server that died and came back is reached again by the same source', async () => {
  const answer = () =>
    createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"type":"known","accountId":"a-1"}');
    });
  const first = answer();
  await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve));
  const { port } = first.address() as AddressInfo;
  const { source } = await startSource({}, { baseUrl: `http://127.0.0.1:${port}`, deployment: 'datacenter' });
  await source.whoAmI(never);
  first.closeAllConnections();
  await new Promise((resolve) => first.close(resolve));
  await expect(source.whoAmI(never)).rejects.toBeInstanceOf(ConfluenceUnavailable);
  const second = answer();
  await new Promise<void>((resolve) => second.listen(port, '127.0.0.1', resolve));

  expect(await source.whoAmI(never)).toMatchObject({ id: 'a-1' });

  second.closeAllConnections();
  second.close();
});

test('S55 maintenance for hours ends a run as unavailable with a bounded number of log lines', async () => {
  const { source, logged, clock } = await startSource({ '/*': () => maintenance });

  await expect(source.listSpaces(never)).rejects.toBeInstanceOf(ConfluenceUnavailable);

  expect(logged.length).toBeLessThan(20);
  expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(15 * 60_000);
});
