import { describe, expect, test } from '@jest/globals';
import { WrongSite } from '../../src/sync/errors.ts';
import type { RunReport } from '../../src/sync/report.ts';
import type { Site } from '../../src/sync/source.ts';
import { batch, failure, record } from './page-store-values.ts';
import type { StoreUnderTest } from './page-store-values.ts';

/** What is asked of the tables, and the journal. */
export function readingTests(current: () => StoreUnderTest): void {
  const load = (given: Parameters<typeof batch>[0]) => current().database.store.load(batch(given));
  const known = async (spaceKey: string, after: string | null, upTo: string | null, limit = 100) =>
    (await current().database.reader.known({ ids: [], range: { spaceKey, after, upTo, limit } })).map(
      ({ id }) => id,
    );

  describe('known pages', () => {
    test('a range is ordered as numbers, open where it has no end, and has a limit', async () => {
      const spread = ['9', '10', '99', '100', '1000', '9223372036854775807'];
      await load({ records: spread.toReversed().map((id) => record(id)) });

      expect(await known('HR', null, null)).toEqual(spread);
      expect(await known('HR', '10', '100')).toEqual(['99', '100']);
      expect(await known('HR', '99', null, 2)).toEqual(['100', '1000']);
      expect(await known('HR', null, '10')).toEqual(['9', '10']);
      expect(await known('HR', null, null, 2)).toEqual(['9', '10']);
    });

    test('a range is of one space and of live pages; ids are found wherever they are', async () => {
      await load({ records: [record('1'), record('2', { spaceKey: 'IT' }), record('3')] });
      await load({ deletions: [{ id: '3', status: 'trashed', reason: 'trashed' }] });

      const both = await current().database.reader.known({
        ids: ['2', '3', '3', '77'],
        range: { spaceKey: 'HR', after: null, upTo: null, limit: 10 },
      });

      expect(await known('HR', null, null)).toEqual(['1']);
      expect(both.map(({ id, deleted, status }) => [id, deleted, status])).toEqual([
        ['1', false, 'current'],
        ['2', false, 'current'],
        ['3', true, 'trashed'],
      ]);
    });

    test('a known page has every field a head is compared with', async () => {
      const { head, hashVersion } = record('7', { parentId: '3', version: 2 });
      await load({ records: [record('7', { parentId: '3', version: 2 })] });

      const [page] = await current().database.reader.known({ ids: ['7'], range: null });

      expect({ kind: 'head', ...page }).toEqual({ ...head, hashVersion, deleted: false });
    });
  });

  describe('other questions', () => {
    test('stale hashes are read in pages until none is left', async () => {
      const stale = ['7', '80', '9', '10'];
      await load({ records: [...stale.map((id) => record(id)), record('5', { hashVersion: 2 })] });
      const seen: string[] = [];

      for (let after: string | null = null; ;) {
        const part: readonly { id: string; storage: string }[] = await current().database.reader.staleHashes(
          2,
          after,
          2,
        );
        seen.push(...part.map(({ id }) => id));
        after = part.at(-1)?.id ?? null;
        if (after === null) break;
      }

      expect(seen.sort()).toEqual(stale.sort());
    });

    test('spaces are counted, with those that only pages tell of', async () => {
      await load({
        records: [record('1'), record('2'), record('3', { spaceKey: 'IT' })],
        failures: [failure('4')],
      });
      await load({
        deletions: [{ id: '2', status: 'deleted', reason: 'gone' }],
        space: { key: 'HR', name: 'People', status: 'archived' },
      });

      const spaces = await current().database.reader.spaces();
      const summaries = await current().database.queries.spaceSummaries();

      expect(spaces.map(({ key, name, livePages }) => [key, name, livePages])).toEqual([
        ['HR', 'People', 1],
        ['IT', 'IT', 1],
      ]);
      expect(summaries).toMatchObject([
        { key: 'HR', status: 'archived', live: 1, deleted: 1, failed: 1, held: null },
        { key: 'IT', status: 'current', live: 1, deleted: 0, failed: 0 },
      ]);
    });

    test('the quarantine is listed in pages', async () => {
      await load({ failures: ['7', '20', '100'].map((id) => failure(id)) });

      const first = await current().database.queries.failures(null, 2);
      const rest = await current().database.queries.failures('20', 2);

      expect([first, rest].map((rows) => rows.map(({ page_id }) => page_id))).toEqual([['7', '20'], ['100']]);
      expect(first[0]).toMatchObject({
        code: 'too_large',
        attempts: 1,
        next_retry_at: expect.any(Date) as unknown,
      });
    });
  });

  describe('the site', () => {
    const site: Site = {
      deployment: 'cloud',
      baseUrl: 'https://a.atlassian.net/wiki',
      cloudId: 'id-1',
      version: null,
    };
    const bind = (given: Partial<Site>) => current().database.store.bindSite({ ...site, ...given });

    test('another site is refused, the same under another address is not', async () => {
      await bind({});

      await bind({});
      await bind({ baseUrl: 'https://api.atlassian.com/ex/confluence/id-1/wiki' });
      await expect(bind({ cloudId: 'id-2' })).rejects.toThrow(WrongSite);
    });

    test('without cloud ids the address decides, and a cloud id that turns up is remembered', async () => {
      await bind({ cloudId: null });

      await expect(bind({ cloudId: null, baseUrl: 'https://b.atlassian.net/wiki' })).rejects.toThrow(
        WrongSite,
      );
      await bind({});
      await bind({ cloudId: null });
      await expect(bind({ cloudId: 'id-2' })).rejects.toThrow(WrongSite);
    });
  });

  describe('the journal', () => {
    const report = { run_id: 'x', notes: ['a\0b\ud800'] } as unknown as RunReport;
    const runs = () => current().database.queries.lastRuns(10);

    test('a run is opened, closed with its report, and listed first', async () => {
      const { journal } = current().database;
      const first = await journal.begin({ mode: 'full', trigger: 'cli' });
      await journal.finish(first.runId, 'partial', report);
      const second = await journal.begin({ mode: 'incremental', trigger: 'schedule' });

      const [latest, earlier] = await runs();

      expect(latest).toMatchObject({
        id: second.runId,
        outcome: 'running',
        started_at: second.startedAt,
        report: null,
      });
      expect(earlier).toMatchObject({ id: first.runId, mode: 'full', trigger: 'cli', outcome: 'partial' });
      expect(earlier?.report?.notes).toEqual(['ab\ufffd']);
      expect(earlier?.finished_at).toEqual(expect.any(Date));
    });

    test('a run that never ended is interrupted when the next begins', async () => {
      const { journal } = current().database;
      await journal.begin({ mode: 'full', trigger: 'cli' });

      await journal.begin({ mode: 'full', trigger: 'cli' });

      expect((await runs()).map(({ outcome }) => outcome)).toEqual(['running', 'interrupted']);
    });

    test('a run that needs no lease calls no other interrupted', async () => {
      const { journal } = current().database;
      await journal.begin({ mode: 'full', trigger: 'cli' });
      await current().query('update confluence_sync_state set lease_token = lease_token + 1');

      await journal.begin({ mode: 'full', trigger: 'cli' });

      expect((await runs()).map(({ outcome }) => outcome)).toEqual(['running', 'running']);
    });
  });
}
