import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PageFilter } from '../../../../src/postgres/queries/page-filter.ts';
import type { PageWalk } from '../../../../src/postgres/queries/find-pages.ts';
import type { PageHead } from '../../../../src/sync/page.ts';
import { batch, failure, record } from '../../../contract/page-store-values.ts';
import type { OpenStore, StoreUnderTest } from '../../../contract/page-store-values.ts';

const BY_PLACE: PageWalk = { order: 'place', after: null };
const BY_TIME: PageWalk = { order: 'updated', after: null };
const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));

const PAGES: readonly (Partial<PageHead> & { id: string })[] = [
  { id: '9', spaceKey: 'HR', title: 'On-call 100%', lastUpdated: day(5), version: 3 },
  { id: '10', spaceKey: 'HR', title: 'On_call 100 %', lastUpdated: day(5), version: 4, parentId: '9' },
  { id: '11', spaceKey: 'IT', title: 'ON-CALL C:\\', lastUpdated: day(3), version: 1, status: 'archived' },
  { id: '8', spaceKey: 'IT', title: 'Roadmap', lastUpdated: day(2), version: 2, parentId: '11' },
  { id: '100', spaceKey: 'OPS', title: 'Gone', lastUpdated: day(1), version: 7 },
];

/** Asking the stored pages, whichever database holds them. */
export function askingTests(name: string, open: OpenStore): void {
  describe(`asking ${name}`, () => {
    let store: StoreUnderTest;
    const queries = () => store.database.queries;
    const idsOf = async (filter: PageFilter, walk = BY_PLACE, limit = 100): Promise<string[]> =>
      (await queries().pages(filter, walk, limit)).map(({ id }) => id);

    beforeAll(async () => {
      store = await open();
      const grant = await store.database.lease.acquire();
      await store.database.store.load(batch({ records: PAGES.map(({ id, ...given }) => record(id, given)) }));
      await store.database.store.load(
        batch({
          deletions: [{ id: '100', status: 'trashed', reason: 'trashed' }],
          failures: [failure('77')],
        }),
      );
      await grant.release();
    });
    afterAll(async () => {
      await store.close();
    });

    const filters: readonly [string, PageFilter, readonly string[]][] = [
      ['no filter', {}, ['9', '10', '8', '11', '100']],
      ['ids', { ids: ['8', '10', '4711'] }, ['10', '8']],
      ['no ids', { ids: [] }, []],
      ['a space', { spaces: ['HR'] }, ['9', '10']],
      ['several spaces', { spaces: ['OPS', 'HR', 'NONE'] }, ['9', '10', '100']],
      ['no spaces', { spaces: [] }, []],
      ['a title in another case', { title: 'roadMAP' }, ['8']],
      ['a title pattern', { title: '*on?call*' }, ['9', '10', '11']],
      ['a percent sign, which is no pattern', { title: '*100%' }, ['9']],
      ['an underscore, which is no pattern', { title: 'on_call*' }, ['10']],
      ['a backslash, which escapes nothing', { title: '*C:\\' }, ['11']],
      ['a part of a title without a star', { title: 'Road' }, []],
      ['a first moment, included', { updatedSince: day(4) }, ['9', '10']],
      ['a last moment, not included', { updatedBefore: day(3) }, ['8', '100']],
      ['a range', { updatedSince: day(2), updatedBefore: day(4) }, ['8', '11']],
      ['versions above', { versionAbove: 3 }, ['10', '100']],
      ['no parent', { withoutParent: true, deleted: false }, ['9', '11']],
      ['a parent', { withoutParent: false }, ['10', '8']],
      ['a status', { status: 'archived' }, ['11']],
      ['gone', { deleted: true }, ['100']],
      ['not gone', { deleted: false, versionAbove: 3 }, ['10']],
      [
        'all at once',
        { spaces: ['HR', 'IT'], title: '*o*', versionAbove: 1, deleted: false },
        ['9', '10', '8'],
      ],
    ];
    test.each(filters)('by %s', async (_name, filter, ids) => {
      expect(await idsOf(filter)).toEqual(ids);
      expect(await queries().countPages(filter)).toBe(ids.length);
      expect(await queries().hasPage(filter)).toBe(ids.length > 0);
    });

    test('in the order of the last update, oldest first, and of ids where it is the same', async () => {
      expect(await idsOf({ deleted: false }, BY_TIME)).toEqual(['8', '11', '9', '10']);
    });

    const walks: readonly [string, PageFilter, PageWalk['order']][] = [
      ['space and id', {}, 'place'],
      ['space and id in chosen spaces', { spaces: ['IT', 'HR', 'OPS'] }, 'place'],
      ['the last update', {}, 'updated'],
    ];
    test.each(walks)('page by page in the order of %s shows each page once', async (_name, filter, order) => {
      const seen: string[] = [];
      for (let walk: PageWalk | null = { order, after: null }; walk !== null;) {
        const [page] = await queries().pages(filter, walk, 1);
        if (page === undefined) break;
        seen.push(page.id);
        walk =
          order === 'place'
            ? { order, after: { spaceKey: page.space_key, id: page.id } }
            : { order, after: { lastUpdated: page.last_updated, id: page.id } };
      }

      expect(seen).toEqual(await idsOf(filter, { order, after: null }));
      expect(seen).toHaveLength(PAGES.length);
    });

    test('a row has the columns of the table and no others', async () => {
      const [page] = await queries().pages({ ids: ['10'] }, BY_PLACE, 1);

      const columns = await store.query(
        `select column_name as name from information_schema.columns where table_name = 'confluence_pages'`,
      );
      expect(Object.keys(page ?? {}).sort()).toEqual(columns.map(({ name: column }) => column).sort());
      expect(page).toMatchObject({ id: '10', title: 'On_call 100 %', version: 4, last_updated: day(5) });
    });

    test('the spaces, distinct', async () => {
      expect(await queries().spaceKeys()).toEqual(['HR', 'IT', 'OPS']);
    });

    test('number and mean version of each space with enough pages', async () => {
      expect(await queries().spaceVersions({}, 2)).toEqual([
        { space_key: 'HR', pages: 2, mean_version: 3.5 },
        { space_key: 'IT', pages: 2, mean_version: 1.5 },
      ]);
      expect(await queries().spaceVersions({ deleted: true }, 1)).toEqual([
        { space_key: 'OPS', pages: 1, mean_version: 7 },
      ]);
    });

    test('what is stored of each space', async () => {
      expect(await queries().spaceSummaries()).toMatchObject([
        { key: 'HR', live: 2, deleted: 0, failed: 1, mean_version: 3.5 },
        { key: 'IT', live: 2, deleted: 0, failed: 0, mean_version: 1.5 },
        { key: 'OPS', live: 0, deleted: 1, failed: 0, mean_version: null },
      ]);
    });
  });
}
