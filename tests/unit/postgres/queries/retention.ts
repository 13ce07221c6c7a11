import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Retention } from '../../../../src/postgres/retention.ts';
import { LeaseLost } from '../../../../src/sync/errors.ts';
import type { LeaseGrant, PageStore } from '../../../../src/sync/store.ts';
import { batch, head, record } from '../../../contract/page-store-values.ts';
import type { StoreUnderTest } from '../../../contract/page-store-values.ts';

const DELETION = { status: 'trashed', reason: 'trashed' } as const;

/** What is kept no longer, whichever database holds it. */
export function retentionTests(name: string, open: (retention: Retention) => Promise<StoreUnderTest>): void {
  describe(`retention on ${name}`, () => {
    let opened: StoreUnderTest;
    let grant: LeaseGrant;
    const store = (): PageStore => opened.database.store;
    const changes = (after: string | null) => opened.database.queries.changes(after, 100);
    const seqs = async (): Promise<string[]> =>
      (await opened.query('select seq::text from confluence_page_changes order by seq')).map(({ seq }) =>
        String(seq),
      );
    const age = (condition: string): Promise<unknown> =>
      opened.query(
        `update confluence_page_changes set changed_at = now() - interval '31 days' where ${condition}`,
      );
    const bodyOf = async (id: string): Promise<unknown> =>
      (await opened.query(`select storage from confluence_page_bodies where page_id = '${id}'`))[0]?.[
        'storage'
      ];

    beforeAll(async () => {
      opened = await open({ changesKeepDays: 30, deletedBodies: 'drop' });
    });
    beforeEach(async () => {
      await opened.query(
        'truncate confluence_pages, confluence_page_bodies, confluence_page_changes restart identity',
      );
      await opened.query('update confluence_sync_state set changes_removed_to = null');
      grant = await opened.database.lease.acquire();
      await store().load(batch({ records: ['1', '2', '3', '4'].map((id) => record(id)) }));
    });
    afterEach(async () => {
      await grant.release();
    });
    afterAll(async () => {
      await opened.close();
    });

    test('young rows of the feed stay, and nobody is told anything', async () => {
      expect(await store().tidy()).toBe(false);

      expect(await seqs()).toEqual(['1', '2', '3', '4']);
      expect(await changes(null)).toMatchObject({ kind: 'rows' });
    });

    test('a reader behind the rows that were removed is told so, and one in front of them is not', async () => {
      await age('seq <= 2');

      await store().tidy();

      expect(await seqs()).toEqual(['3', '4']);
      expect(await changes(null)).toEqual({ kind: 'removed', upTo: '2' });
      expect(await changes('1')).toEqual({ kind: 'removed', upTo: '2' });
      expect(await changes('2')).toMatchObject({ kind: 'rows', rows: [{ seq: '3' }, { seq: '4' }] });
    });

    test('a reader behind is still told when the feed is empty', async () => {
      await age('true');

      await store().tidy();

      expect(await changes('3')).toEqual({ kind: 'removed', upTo: '4' });
      expect(await changes('4')).toEqual({ kind: 'rows', rows: [] });
    });

    test('no hole is made where the clock was set back', async () => {
      await age('seq in (1, 3)');

      await store().tidy();

      expect(await seqs()).toEqual(['2', '3', '4']);
      expect(await changes('1')).toMatchObject({
        kind: 'rows',
        rows: [{ seq: '2' }, { seq: '3' }, { seq: '4' }],
      });
    });

    test('a long feed is cut in bounded slices', async () => {
      await opened.query(`insert into confluence_page_changes (page_id, space_key, kind, content_changed, content_hash, version,
        run_id, changed_at) select n::text, 'HR', 'updated', true, 'x', 1, 'r', now() from generate_series(1, 7000) n`);
      await age('seq <= 6000');

      expect(await store().tidy()).toBe(true);
      expect(await changes(null)).toEqual({ kind: 'removed', upTo: '5000' });
      expect(await store().tidy()).toBe(false);
      expect(await changes(null)).toEqual({ kind: 'removed', upTo: '6000' });
    });

    test('bodies of pages that are gone are emptied, and of no others', async () => {
      await store().load(batch({ deletions: [{ id: '2', ...DELETION }] }));

      await store().tidy();

      expect([await bodyOf('1'), await bodyOf('2')]).toEqual(['<p>1</p>', '']);
    });

    test('a restored page gets its body back, and its words count as unchanged', async () => {
      await store().load(batch({ deletions: [{ id: '2', ...DELETION }] }));
      await store().tidy();

      await store().load(batch({ records: [record('2')] }));

      expect(await bodyOf('2')).toBe('<p>2</p>');
      expect((await changes('5')) as object).toMatchObject({
        rows: [{ kind: 'restored', content_changed: false }],
      });
    });

    test('a head alone does not restore a page whose body was dropped', async () => {
      await store().load(batch({ deletions: [{ id: '2', ...DELETION }] }));
      await store().tidy();

      const { outcomes } = await store().load(batch({ heads: [head('2')] }));

      expect(outcomes.get('2')).toBe('failed');
    });

    test('a body that was dropped is not hashed again', async () => {
      await store().load(batch({ deletions: [{ id: '2', ...DELETION }] }));
      await store().tidy();

      const stale = await store().staleHashes(2, null, 10);

      expect(stale.map(({ id }) => id)).toEqual(['1', '3', '4']);
    });

    test('without the lease nothing is removed', async () => {
      await age('true');
      await opened.query('update confluence_sync_state set lease_token = lease_token + 1');
      try {
        await expect(store().tidy()).rejects.toThrow(LeaseLost);
        expect(await seqs()).toHaveLength(4);
      } finally {
        await opened.query('update confluence_sync_state set lease_token = lease_token - 1');
      }
    });
  });
}
