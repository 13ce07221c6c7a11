import type { ListedPage, ListingEvent } from '../../sync/source.ts';
import { newestOf } from './newest-of.ts';

/**
 * Merges listings that are each ordered by `compare` into one; it is complete when all of them are. A page that stands in
 * several of them at one place is given once.
 */
export async function* mergeListings(
  listings: readonly AsyncGenerator<ListingEvent, void>[],
  compare: (left: ListedPage, right: ListedPage) => number,
): AsyncGenerator<ListingEvent, void> {
  const lanes = listings.map((listing) => new Lane(listing));
  const former = (left: ListedPage, right: ListedPage) => (compare(left, right) <= 0 ? left : right);
  const latter = (left: ListedPage, right: ListedPage) => (compare(left, right) <= 0 ? right : left);
  try {
    for (;;) {
      for (const lane of lanes) await lane.fill();
      const open = lanes.filter((lane) => lane.pages.length > 0);
      if (open.length === 0) {
        yield endOf(lanes);
        return;
      }

      const bound = open.map((lane) => lane.pages.reduce(latter)).reduce(former);
      const pages = open.flatMap((lane) => lane.take((page) => compare(page, bound) <= 0));
      yield { kind: 'batch', pages: newestOf(pages).toSorted(compare) };
    }
  } finally {
    for (const lane of lanes) await lane.leave();
  }
}

/** One listing with the part of it that is read and not yet given on. */
class Lane {
  pages: readonly ListedPage[] = [];
  ending: Extract<ListingEvent, { kind: 'end' }> | null = null;
  readonly #listing: AsyncGenerator<ListingEvent, void>;

  constructor(listing: AsyncGenerator<ListingEvent, void>) {
    this.#listing = listing;
  }

  async fill(): Promise<void> {
    while (this.pages.length === 0 && this.ending === null) {
      const next = await this.#listing.next();
      if (next.done === true)
        this.ending = { kind: 'end', complete: false, reason: 'a listing stopped without an end' };
      else if (next.value.kind === 'end') this.ending = next.value;
      else this.pages = next.value.pages;
    }
  }

  take(wanted: (page: ListedPage) => boolean): readonly ListedPage[] {
    const taken = this.pages.filter(wanted);
    this.pages = this.pages.filter((page) => !wanted(page));
    return taken;
  }

  async leave(): Promise<void> {
    await this.#listing.return(undefined);
  }
}

function endOf(lanes: readonly Lane[]): ListingEvent {
  const endings = lanes.map(({ ending }) => ending).filter((ending) => ending !== null);
  const notes = endings.flatMap(({ note }) => note ?? []);
  const note = notes.length === 0 ? {} : { note: notes.join('; ') };
  const broken = endings.flatMap((ending) => (ending.complete ? [] : [ending]));
  if (broken.length === 0) return { kind: 'end', complete: true, ...note };
  const reason = broken.map((ending) => ending.reason).join('; ');
  const readOn = broken.every((ending) => ending.readOn === true);
  return { kind: 'end', complete: false, reason, ...(readOn && { readOn }), ...note };
}
