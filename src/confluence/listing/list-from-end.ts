import type { ConfluenceUnavailable } from '../../sync/errors.ts';
import type { ListedPage, ListingEvent } from '../../sync/source.ts';
import { compareIds } from '../parse/read-content-id.ts';
import { bridgeGap, type BridgeParts } from './bridge-gap.ts';
import { incomplete, listingEnd, type Flaw, type WalkEnd } from './listing-end.ts';
import { MOST_BARREN, readBatch, type OrderedParts } from './list-in-order.ts';
import { listedId, newestOf } from './newest-of.ts';
import type { WalkEvent } from './walk.ts';

/** What listing from the other end needs. */
export type FromEndParts = Omit<OrderedParts, 'wayOn' | 'bodies'> & Readonly<{ bridge: BridgeParts }>;

/** Heads that are held until they can be given in order; more of them are given as they come. */
const MOST_HELD = 25_000;

/**
 * Lists what stands above `highest`, where a walk by ascending id was blocked: by a walk of the same list by falling id, until
 * it meets what came before or is blocked too; what is between is asked for by id.
 */
export async function* listFromEnd(
  backwards: AsyncIterable<WalkEvent>,
  highest: string | null,
  error: ConfluenceUnavailable,
  parts: FromEndParts,
): AsyncGenerator<ListingEvent, void> {
  const held: ListedPage[] = [];
  let flaw: Flaw | null = null;
  let lowest: string | null = null;
  let barren = 0;
  let ending: WalkEnd = { kind: 'end' };
  for await (const event of backwards) {
    if (event.kind === 'hole') continue;
    if (event.kind !== 'rows') {
      ending = event;
      break;
    }
    if (event.rows.length > 0) parts.dead.revived();
    const { pages, unusable } = readBatch(event, { ...parts, bodies: false }, new Map());
    const above = pages.filter((page) => highest === null || compareIds(listedId(page), highest) > 0);
    if (unusable !== null) flaw ??= { reason: unusable, single: pages.length > 0 };
    held.push(...above);
    const low: string | null = lowestOf(above, lowest);
    barren = low === lowest ? barren + 1 : 0;
    lowest = low;
    // It has met what came before, or it does not fall at all.
    if (above.length < pages.length) break;
    if (barren >= MOST_BARREN) {
      ending = { kind: 'broken', reason: 'it turned in circles' };
      break;
    }
    if (held.length <= MOST_HELD) continue;
    flaw ??= { reason: 'its pages did not come in the order of their ids', single: true };
    yield { kind: 'batch', pages: inOrder(held.splice(0)) };
  }

  if (ending.kind === 'blocked') {
    if (highest === null && lowest === null) {
      parts.dead.died(error);
      yield incomplete(parts, error.message);
      return;
    }
    const isWhole = yield* bridgeGap({ after: highest, before: lowest }, parts.bridge);
    if (!isWhole)
      flaw ??= { reason: `Confluence fails on what stands ${placeOf(highest, lowest)}`, single: true };
    ending = { kind: 'end' };
  }
  if (held.length > 0) yield { kind: 'batch', pages: inOrder(held) };
  yield await listingEnd(ending, flaw, parts);
}

function lowestOf(pages: readonly ListedPage[], before: string | null): string | null {
  const [low] = pages;
  if (low === undefined) return before;
  return before === null || compareIds(listedId(low), before) < 0 ? listedId(low) : before;
}

function inOrder(pages: readonly ListedPage[]): readonly ListedPage[] {
  return newestOf(pages).toSorted((a, b) => compareIds(listedId(a), listedId(b)));
}

function placeOf(after: string | null, before: string | null): string {
  if (after === null) return `before page ${before ?? ''}`;
  return before === null ? `after page ${after}` : `between the pages ${after} and ${before}`;
}
