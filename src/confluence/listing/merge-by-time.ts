import type { ListedPage, ListingEvent } from '../../sync/source.ts';
import { mergeListings } from './merge-listings.ts';

/** Merges listings by falling time of change into one; failures tell no time and are given on at once. */
export function mergeByTime(
  listings: readonly AsyncGenerator<ListingEvent, void>[],
): AsyncGenerator<ListingEvent, void> {
  return mergeListings(listings, (left, right) => Math.sign(timeOf(right) - timeOf(left)));
}

/** The highest number stands for no time: the difference of two infinities is none. */
function timeOf(page: ListedPage): number {
  if (page.kind === 'failure') return Number.MAX_SAFE_INTEGER;
  return (page.kind === 'page' ? page.head : page).lastUpdated.getTime();
}
