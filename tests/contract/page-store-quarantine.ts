import { describe, expect, test } from '@jest/globals';
import { WrongConfiguration } from '../../src/sync/errors.ts';
import type { PageRecord } from '../../src/sync/page.ts';
import { batch, failure, ids, record } from './page-store-values.ts';
import type { StoreUnderTest } from './page-store-values.ts';

/** Too long for an index, and too random to be compressed into one: only the database finds out (54000). */
function unstorableKey(id: string): string {
  const digits = Array.from({ length: 9_000 }, (_, index) => ((Number(id) + 1) * (index + 7) ** 3) % 8_191);
  return digits.map((digit) => digit.toString(36)).join('');
}

const poison: Readonly<Record<string, (id: string) => PageRecord>> = {
  'NUL in the title': (id) => record(id, { title: 'a\0b' }),
  'NUL in the body': (id) => record(id, { storage: 'a\0b' }),
  'a version beyond integer': (id) => record(id, { version: 2 ** 31 }),
  'a version that is no integer': (id) => record(id, { version: 1.5 }),
  'a time that is none': (id) => record(id, { lastUpdated: new Date(Number.NaN) }),
  'a time before the calendar': (id) => record(id, { lastUpdated: new Date(Date.UTC(-9_999, 0)) }),
  'a hash version beyond smallint': (id) => record(id, { hashVersion: 40_000 }),
  'a space key beyond the index': (id) => record(id, { spaceKey: unstorableKey(id) }),
  'a type that is unknown': (id) => record(id, { type: 'comment' as 'page' }),
};

/** Pages that no database takes, and what becomes of the others. */
export function quarantineTests(current: () => StoreUnderTest): void {
  const load = (given: Parameters<typeof batch>[0]) => current().database.store.load(batch(given));
  const quarantined = () =>
    current().query('select * from confluence_sync_failures order by length(page_id), page_id');
  const storedIds = async () =>
    (await current().query('select id from confluence_pages order by length(id), id')).map(({ id }) => id);

  describe('the quarantine', () => {
    test.each(Object.keys(poison))('promise 2: %s costs no other page its place', async (kind) => {
      const all = ids(50);
      const bad = ['99', '100', '131'];
      const records = all.map((id) => (bad.includes(id) ? poison[kind]?.(id) : undefined) ?? record(id));

      const result = await load({ records });

      expect(await storedIds()).toEqual(all.filter((id) => !bad.includes(id)));
      expect((await quarantined()).map(({ page_id }) => page_id)).toEqual(bad);
      expect(result.failures.map(({ id }) => id).sort((a, b) => Number(a) - Number(b))).toEqual(bad);
      expect(bad.map((id) => result.outcomes.get(id))).toEqual(['failed', 'failed', 'failed']);
      expect(
        result.failures.every(({ code, stage }) => /^[0-9A-Z]{5}$/.test(code) && stage === 'store'),
      ).toBe(true);
    });

    test('promise 2: so many bad pages that one transaction cannot find them are found in several', async () => {
      const all = ids(300);
      const bad = all.filter((_, index) => index % 7 === 3);
      const records = all.map((id) =>
        bad.includes(id) ? record(id, { spaceKey: unstorableKey(id) }) : record(id),
      );
      const space = { key: 'HR', name: 'HR', status: 'current', watermark: new Date(1) } as const;

      const result = await load({ records, space });

      expect(await storedIds()).toEqual(all.filter((id) => !bad.includes(id)));
      expect((await quarantined()).map(({ page_id }) => page_id)).toEqual(bad);
      expect([...result.outcomes.values()].filter((outcome) => outcome === 'failed')).toHaveLength(
        bad.length,
      );
      expect((await current().database.reader.spaces()).find(({ key }) => key === 'HR')?.watermark).toEqual(
        new Date(1),
      );
    });

    test('a batch of which every page is refused for one reason is a fault of the tables', async () => {
      await current().query(
        'alter table confluence_pages add constraint foreign_rule check (version > 5) not valid',
      );
      try {
        const refused = load({ records: ids(20).map((id) => record(id)) });

        await expect(refused).rejects.toThrow(WrongConfiguration);
        await expect(refused).rejects.toThrow(/23514.*foreign_rule/);
        expect(await quarantined()).toEqual([]);
      } finally {
        await current().query('alter table confluence_pages drop constraint foreign_rule');
      }
    });

    test('bad pages that come out of the quarantine together go back into it', async () => {
      const records = ids(25).map((id) => record(id, { spaceKey: unstorableKey(id) }));
      for (const half of [records.slice(0, 13), records.slice(13)]) await load({ records: half });

      const result = await load({ records });

      expect(result.failures).toHaveLength(25);
      expect((await quarantined()).map(({ attempts }) => attempts)).toEqual(Array(25).fill(2));
    });

    test('a constraint of somebody else costs exactly the pages that break it', async () => {
      await current().query('create unique index foreign_index on confluence_pages (title)');
      try {
        const result = await load({ records: [record('7'), record('8', { title: 'Page 7' }), record('9')] });

        expect(result.failures).toMatchObject([{ id: '8', code: '23505' }]);
        expect(await storedIds()).toEqual(['7', '9']);
      } finally {
        await current().query('drop index foreign_index');
      }
    });

    test('the pause doubles from 15 minutes up to a day, and the first failure is remembered', async () => {
      const pauses: unknown[] = [];
      for (let attempt = 0; attempt < 9; attempt += 1) {
        await load({ failures: [failure('7')] });
        const [row] = await current()
          .query(`select extract(epoch from next_retry_at - last_failed_at)::int / 60 as pause,
          attempts, first_failed_at < last_failed_at as later from confluence_sync_failures`);
        pauses.push(row?.['pause']);
        expect(row).toMatchObject({ attempts: attempt + 1, later: attempt > 0 });
      }

      expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 960, 1440, 1440]);
    });

    test('a page leaves the quarantine when it is stored, unchanged or gone', async () => {
      await load({ records: [record('8')], failures: [failure('7'), failure('9')] });
      await load({ failures: [failure('8')] });

      await load({
        records: [record('7'), record('8')],
        deletions: [{ id: '9', status: 'deleted', reason: 'gone' }],
      });

      expect(await quarantined()).toEqual([]);
    });

    test('a page stays in quarantine when only an older version of it came', async () => {
      await load({ records: [record('7', { version: 3 })] });
      await load({ failures: [failure('7', { version: 4 })] });

      await load({ records: [record('7', { version: 2 })] });

      expect(await quarantined()).toMatchObject([{ page_id: '7', version: 4 }]);
    });

    test('a failure of any shape can be stored', async () => {
      const shapes = { title: 'a\0b\ud800', version: 2 ** 40, spaceKey: '', message: 'x'.repeat(5_000) };

      await load({ failures: [failure('7', shapes), failure('8', { title: null, version: null })] });

      expect(await quarantined()).toMatchObject([
        { page_id: '7', version: null, space_key: '' },
        { page_id: '8' },
      ]);
    });

    test('a later failure that knows less does not forget the space and the title', async () => {
      await load({ failures: [failure('7')] });

      await load({ failures: [failure('7', { spaceKey: '', title: null, version: null })] });

      expect(await quarantined()).toMatchObject([
        { space_key: 'HR', title: 'Page 7', version: 1, attempts: 2 },
      ]);
    });

    test('is read in pages, and tells what is due', async () => {
      await load({ failures: ['7', '20', '100'].map((id) => failure(id)) });
      await current().query(`update confluence_sync_failures set next_retry_at = now() where page_id = '20'`);
      const { reader } = current().database;

      const all = await reader.failedIds({ after: null, limit: 2 });
      const rest = await reader.failedIds({ after: '20', limit: 2 });

      const known = { spaceKey: 'HR', version: 1, code: failure('7').code };
      expect(all).toEqual([
        { ...known, id: '7', due: false },
        { ...known, id: '20', due: true },
      ]);
      expect(rest.map(({ id }) => id)).toEqual(['100']);
    });

    test('pages can be taken out of it, and their pauses ended', async () => {
      await load({ failures: ['7', '8', '9'].map((id) => failure(id)) });

      await current().database.store.forgetFailures(['7']);
      const ended = await current().database.queries.retryFailures(['8', '77']);

      const all = await current().database.reader.failedIds({ after: null, limit: 9 });
      expect([ended, all.filter(({ due }) => due).map(({ id }) => id)]).toEqual([['8'], ['8']]);
      expect(await current().database.queries.retryFailures(null)).toEqual(['8', '9']);
      expect(await current().database.queries.forgetFailures(['9', '77'])).toEqual(['9']);
    });
  });
}
