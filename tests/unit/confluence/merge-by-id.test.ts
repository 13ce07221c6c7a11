import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PageFailure } from '../../../src/sync/page.ts';
import type { ListingEvent } from '../../../src/sync/source.ts';
import { mergeById } from '../../../src/confluence/listing/merge-by-id.ts';
import { readListing } from './read-listing.ts';

function row(id: number): PageFailure {
  return {
    kind: 'failure',
    id: String(id),
    spaceKey: '',
    title: null,
    version: null,
    stage: 'parse',
    code: 'x',
    message: '',
  };
}

async function* listing(
  ids: readonly number[],
  size: number,
  complete: boolean,
): AsyncGenerator<ListingEvent, void> {
  for (let from = 0; from < ids.length; from += size)
    yield await Promise.resolve({ kind: 'batch' as const, pages: ids.slice(from, from + size).map(row) });
  yield complete ? { kind: 'end', complete } : { kind: 'end', complete, reason: 'broken' };
}

test('listings in order merge to one in order that misses nothing', async () => {
  const sides = fc.uniqueArray(fc.tuple(fc.nat(100_000), fc.boolean()), { selector: ([id]) => id });
  await fc.assert(
    fc.asyncProperty(
      sides,
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 7 }),
      async (all, left, right) => {
        const sorted = [...all].sort(([a], [b]) => a - b);
        const idsOf = (side: boolean) => sorted.filter(([, on]) => on === side).map(([id]) => id);

        const merged = await readListing(
          mergeById([listing(idsOf(true), left, true), listing(idsOf(false), right, true)]),
        );

        expect(merged.ids).toEqual(sorted.map(([id]) => String(id)));
        expect(merged.end).toEqual({ kind: 'end', complete: true });
      },
    ),
  );
});

test('one incomplete listing makes the whole incomplete, and the other still comes whole', async () => {
  const merged = await readListing(mergeById([listing([1, 3], 1, false), listing([2, 4, 5], 1, true)]));

  expect(merged.ids).toEqual(['1', '2', '3', '4', '5']);
  expect(merged.end).toEqual({ kind: 'end', complete: false, reason: 'broken' });
});
