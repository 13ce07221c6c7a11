import { afterEach, expect, test } from '@jest/globals';
import { CredentialsRefused } from '../../../src/sync/errors.ts';
import { realClock } from '../../support/test-clock.ts';
import { cloudList } from '../../unit/confluence/cloud-site.ts';
import { stopSources } from '../../unit/confluence/start-source.ts';
import { pageOf, startMirroredCloud } from './mirrored-cloud.ts';

afterEach(stopSources);

const listPath = '/wiki/api/v2/spaces/98308/pages';
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const pagesOf = (count: number) => numbers(count).map((id) => pageOf(id));

test('S14 an answer to nobody where a user was expected stops the run before anything is read', async () => {
  const { sync, site, live } = await startMirroredCloud(pagesOf(3), {
    '/wiki/rest/api/user/current': ({ nth }) => ({
      json: nth < 2 ? { type: 'known', accountId: 'a' } : { type: 'anonymous' },
    }),
  });
  await sync();

  const { error } = await sync();

  expect(error).toBeInstanceOf(CredentialsRefused);
  expect(live()).toHaveLength(3);
  expect(site.to(listPath)).toHaveLength(1);
});

test('S15 a token revoked in the middle of a run keeps what is stored and deletes nothing', async () => {
  let revoked = false;
  const { sync, rows, live } = await startMirroredCloud(pagesOf(5), {
    [listPath]: () => (revoked ? { status: 401, json: {} } : cloudList(rows)),
  });
  await sync();
  rows.splice(0, 4);
  revoked = true;

  const { error, report } = await sync();

  expect(error).toBeInstanceOf(CredentialsRefused);
  expect(report.outcome).toBe('failed');
  expect(live()).toHaveLength(5);
});

test('S30 a site that shows nothing any more is held, and nothing is deleted', async () => {
  const { sync, rows, live } = await startMirroredCloud(pagesOf(20));
  await sync();
  rows.splice(0);

  const { report } = await sync();

  expect(report.outcome).toBe('held');
  expect(live()).toHaveLength(20);
});

test('S29 a page that a listing missed although it is alive stays', async () => {
  let shows = true;
  const { sync, rows, live } = await startMirroredCloud(pagesOf(20), {
    [listPath]: () => cloudList(shows ? rows : rows.slice(1)),
  });
  await sync();
  shows = false;

  const { report } = await sync();

  expect(report).toMatchObject({ outcome: 'succeeded', counts: { deleted: 0 } });
  expect(live()).toHaveLength(20);
});

test('S31 a space whose pages may not be seen any more keeps them', async () => {
  let shows = true;
  const { sync, rows, live } = await startMirroredCloud(pagesOf(5), {
    [listPath]: () => (shows ? cloudList(rows) : { status: 403, json: {} }),
  });
  await sync();
  shows = false;

  const { report } = await sync();

  expect(report.spaces).toMatchObject([{ key: 'HR', listing: 'incomplete' }]);
  expect(live()).toHaveLength(5);
});

test('S32 a page in the trash and back is one deletion and one return, and never a new page', async () => {
  const { sync, rows, mirror } = await startMirroredCloud(pagesOf(20));
  await sync();
  rows[4] = pageOf(5, 1, 1, { status: 'trashed' });
  await sync();
  rows[4] = pageOf(5);

  await sync();

  const kinds = mirror.changes.filter(({ id }) => id === '5').map(({ kind }) => kind);
  expect(kinds).toEqual(['created', 'deleted', 'restored']);
});

test('S33 pages that changed in the very moment of the watermark are not lost', async () => {
  const { sync, rows, mirror } = await startMirroredCloud([pageOf(1, 1, 1), pageOf(2, 1, 5)]);
  await sync();
  await sync({ mode: 'auto' });
  rows.push(pageOf(3, 1, 5), pageOf(4, 1, 5));

  const { report } = await sync({ mode: 'auto' });

  expect(report).toMatchObject({ mode: 'incremental', counts: { created: 2 } });
  expect([...mirror.rows.keys()].sort()).toEqual(['1', '2', '3', '4']);
});

test('S48 S56 an older version is taken as soon as Confluence repeats it for that page', async () => {
  const { sync, rows, mirror } = await startMirroredCloud(numbers(20).map((id) => pageOf(id, 7, 9)));
  await sync();
  rows[2] = pageOf(3, 4, 2);

  const { report } = await sync();

  expect(report.counts).toMatchObject({ updated: 1, deleted: 0 });
  expect(mirror.rows.get('3')).toMatchObject({ version: 4, storage: '<p>Page 3, version 4</p>' });
});

test('S56 a site restored to an older backup is followed back, and lost pages wait for a person', async () => {
  const { sync, rows, mirror, live } = await startMirroredCloud(numbers(20).map((id) => pageOf(id, 7, 9)));
  await sync();
  rows.splice(0, 20, ...numbers(8).map((id) => pageOf(id, 3, 2)));

  const { report } = await sync();

  expect(report.outcome).toBe('held');
  expect(live()).toHaveLength(20);
  expect(mirror.rows.get('1')).toMatchObject({ version: 3, storage: '<p>Page 1, version 3</p>' });
});

test('S51 a site whose answers changed their shape is held, and nothing is deleted', async () => {
  const { sync, rows, live } = await startMirroredCloud(pagesOf(20));
  await sync();
  rows.splice(0, 20, ...numbers(10).map((id) => pageOf(id, 1, 1, { version: { count: 1 } })));

  const { report } = await sync({ acceptDeletes: true });

  expect(report.outcome).toBe('held');
  expect(live()).toHaveLength(20);
});

test('S42 S43 what no database takes is taken out of a page, which is then stored and unchanged', async () => {
  const odd = { title: 'N\u0000UL \uD800', body: { storage: { value: '<p>a\u0000b \uDC00</p>' } } };
  const { sync, mirror } = await startMirroredCloud([pageOf(1), pageOf(2, 1, 1, odd)]);
  await sync();

  const { report } = await sync();

  expect(report.counts).toMatchObject({ unchanged: 2, failed: 0 });
  expect(mirror.rows.get('2')).toMatchObject({ title: expect.stringMatching(/^NUL .$/u) });
  expect(`${mirror.rows.get('2')?.title ?? ''}${mirror.rows.get('2')?.storage ?? ''}`.isWellFormed()).toBe(
    true,
  );
});

test.each([-14, 14])(
  'S34 S35 with our clock %d hours off, a change told in another zone is found',
  async (hours) => {
    const clock = { ...realClock, now: () => new Date(Date.now() + hours * 3_600_000) };
    const { sync, rows, mirror } = await startMirroredCloud([pageOf(1, 1, 9), pageOf(2, 1, 8)], {}, clock);
    await sync();
    const moment = (createdAt: string) => ({ version: { number: 1, createdAt } });
    rows.push(pageOf(3, 1, 9, moment('2026-03-10T02:00:00.001+14:00')));
    rows.push(pageOf(4, 1, 9, moment('2026-03-09T22:00:00.001+1000')));

    const { report } = await sync({ mode: 'auto' });

    expect(report.mode).toBe('incremental');
    expect([...mirror.rows.keys()].sort()).toEqual(['1', '2', '3', '4']);
  },
);
