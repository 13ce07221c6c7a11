import type { ListedPage, ListingEvent } from '../../sync/source.ts';
import { compareIds } from '../parse/read-content-id.ts';
import { mergeListings } from './merge-listings.ts';

/** Merges listings that are each ordered by id into one; it is complete when all of them are. */
export function mergeById(
  listings: readonly AsyncGenerator<ListingEvent, void>[],
): AsyncGenerator<ListingEvent, void> {
  return mergeListings(listings, (left, right) => compareIds(idOf(left), idOf(right)));
}

function idOf(page: ListedPage): string {
  return page.kind === 'page' ? page.head.id : page.id;
}
