import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Batch } from '../../src/sync/store.ts';
import { batch, head, record } from './page-store-values.ts';
import type { StoreUnderTest } from './page-store-values.ts';

/** The change feed against the table. */
export function feedTests(current: () => StoreUnderTest): void {
  /** What the rule in the table's comment makes of the feed: a page is what its last row says. */
  const replayed = () =>
    current()
      .query(`select distinct on (page_id) page_id as id, space_key, version, content_hash, kind = 'deleted' as deleted
      from confluence_page_changes order by page_id, seq desc`);
  const stored = () =>
    current().query(`select id, space_key, version, content_hash, deleted_at is not null as deleted
      from confluence_pages order by id`);
  const chained = () =>
    current().query(`select seq from (
        select *, lag(content_hash) over (partition by page_id order by seq) as before from confluence_page_changes
      ) as feed where previous_hash is distinct from before`);

  const read = async (after: string | null, limit: number) => {
    const feed = await current().database.queries.changes(after, limit);
    if (feed.kind === 'removed') throw new Error(`the feed was cut off at ${feed.upTo}`);
    return feed.rows;
  };

  describe('the feed', () => {
    test('promise 3: replaying the feed gives the table, whatever was loaded', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyBatch, { minLength: 1, maxLength: 6 }), async (batches) => {
          await current().query('truncate confluence_pages, confluence_page_bodies, confluence_page_changes');
          // A worker whose feed rows are gone stops: each feed is another worker's.
          await current().query('update confluence_sync_state set lease_holder = null');
          const grant = await current().database.lease.acquire();

          for (const given of batches) await current().database.store.load(given);
          await grant.release();

          expect(await replayed()).toEqual(await stored());
          expect(await chained()).toEqual([]);
        }),
        { numRuns: 40 },
      );
    });

    test('promise 4: what was loaded before has a lower seq, and a batch is in the order of its ids', async () => {
      await current().database.store.load(batch({ records: [record('100'), record('20'), record('3')] }));
      await current().database.store.load(batch({ records: [record('1')] }));

      const changes = await read(null, 10);

      expect(changes.map(({ page_id }) => page_id)).toEqual(['3', '20', '100', '1']);
    });

    test('is read on from the last seq seen', async () => {
      await current().database.store.load(batch({ records: [record('1'), record('2'), record('3')] }));
      const [first, second] = await read(null, 2);

      const rest = await read(second?.seq ?? null, 10);

      expect(BigInt(second?.seq ?? 0)).toBeGreaterThan(BigInt(first?.seq ?? 0));
      expect(rest.map(({ page_id }) => page_id)).toEqual(['3']);
    });
  });
}

const anyId = fc.constantFrom('7', '8', '9', '10', '11');
const anyHead = fc.record({
  id: anyId,
  version: fc.integer({ min: 1, max: 4 }),
  spaceKey: fc.constantFrom('HR', 'IT'),
  parentId: fc.constantFrom(null, '1'),
});
const anyRecord = fc.record({ of: anyHead, storage: fc.constantFrom('a', 'b'), wentBack: fc.boolean() });
const anyBatch: fc.Arbitrary<Batch> = fc
  .record({
    records: fc.array(anyRecord, { maxLength: 5 }),
    heads: fc.array(anyHead, { maxLength: 2 }),
    deletions: fc.array(anyId, { maxLength: 2 }),
  })
  .map(({ records, heads, deletions }) =>
    batch({
      records: records.map(({ of, storage, wentBack }) => record(of.id, { ...of, storage, wentBack })),
      heads: heads.map((of) => head(of.id, of)),
      deletions: deletions.map((id) => ({ id, status: 'trashed', reason: 'trashed' })),
    }),
  );
