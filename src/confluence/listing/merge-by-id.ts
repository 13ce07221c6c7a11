import type { ListingEvent } from '../../sync/source.ts';
import { compareIds } from '../parse/read-content-id.ts';
import { mergeListings } from './merge-listings.ts';
import { listedId } from './newest-of.ts';

/** Merges listings that are each ordered by id into one; it is complete when all of them are. */
export function mergeById(
  listings: readonly AsyncGenerator<ListingEvent, void>[],
): AsyncGenerator<ListingEvent, void> {
  return mergeListings(listings, (left, right) => compareIds(listedId(left), listedId(right)));
}
