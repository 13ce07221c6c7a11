import type { ListedPage, ListingEvent } from '../../../src/sync/source.ts';

/** A listing read to its end. */
export type ReadListing = Readonly<{
  pages: readonly ListedPage[];
  ids: readonly string[];
  batches: number;
  end: Extract<ListingEvent, { kind: 'end' }> | null;
}>;

/** Reads a listing whole. */
export async function readListing(events: AsyncIterable<ListingEvent>): Promise<ReadListing> {
  const pages: ListedPage[] = [];
  let batches = 0;
  let end: ReadListing['end'] = null;
  for await (const event of events) {
    if (event.kind === 'end') end = event;
    else {
      batches++;
      pages.push(...event.pages);
    }
  }
  return { pages, ids: pages.map((page) => (page.kind === 'page' ? page.head.id : page.id)), batches, end };
}
