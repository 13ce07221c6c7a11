import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import type { SampleSite } from '../../../src/sample-site/sample-site.ts';
import { query } from '../../support/mirror.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';
import { realClock } from '../../support/test-clock.ts';
import { ask } from './asking.ts';

const PAGES = 40;

let database: TestDatabase;
let site: SampleSite;
let settings: Record<string, string>;

beforeEach(async () => {
  database = await createTestDatabase();
  site = createSampleSite({ deployment: 'cloud', pages: PAGES, spaces: 1, clock: realClock });
  const { url } = await site.listen(0);
  settings = {
    CONFLUENCE_BASE_URL: url,
    CONFLUENCE_EMAIL: 'tests@example.com',
    CONFLUENCE_API_TOKEN: 'tests-token',
    DATABASE_URL: database.url,
  };
});
afterEach(async () => {
  await site.close();
  await database.drop();
});

async function sync(given: Record<string, string> = {}): Promise<void> {
  const { code, stderr } = await ask(['sync', '--mode', 'full'], { ...settings, ...given });
  expect([code, stderr]).toEqual([0, '']);
}

const storageOf = async (id: string) =>
  (
    await query<{ storage: string }>(
      database.url,
      'select storage from confluence_page_bodies where page_id = $1',
      [id],
    )
  )[0]?.storage;

test('with DELETED_BODIES=drop a run empties the body of a deleted page, and a restored page has it again', async () => {
  const id = [...site.pages()].find(({ type }) => type === 'page')?.id ?? '';
  await sync();
  const before = await storageOf(id);

  site.edit.trash(id);
  await sync({ DELETED_BODIES: 'drop' });
  const gone = await storageOf(id);
  site.edit.restore(id);
  await sync({ DELETED_BODIES: 'drop' });

  expect([gone, await storageOf(id)]).toEqual(['', before]);
  const nowhere = await query(
    database.url,
    `select id from confluence_pages join confluence_page_bodies on page_id = id where storage = '' and deleted_at is null`,
  );
  expect(nowhere).toEqual([]);
});

test('with CHANGES_KEEP_DAYS a run removes older rows of the feed, and without it none', async () => {
  await sync();
  await query(database.url, `update confluence_page_changes set changed_at = changed_at - interval '8 days'`);

  await sync();
  const kept = await ask(['changes'], settings);
  await sync({ CHANGES_KEEP_DAYS: '7' });
  const cut = await ask(['changes'], settings);

  expect([kept.code, kept.stdout.trim().split('\n').length]).toEqual([0, PAGES]);
  expect([cut.code, cut.stdout]).toEqual([65, '']);
  expect(await ask(['changes', '--after', String(PAGES)], settings)).toMatchObject({ code: 0, stdout: '' });
});

test('a wrong CHANGES_KEEP_DAYS or DELETED_BODIES stops a run before it begins', async () => {
  const { code, stderr } = await ask(['sync'], {
    ...settings,
    CHANGES_KEEP_DAYS: 'soon',
    DELETED_BODIES: 'burn',
  });

  expect(code).toBe(78);
  expect(stderr).toMatch(/CHANGES_KEEP_DAYS[^]*DELETED_BODIES|DELETED_BODIES[^]*CHANGES_KEEP_DAYS/);
});
