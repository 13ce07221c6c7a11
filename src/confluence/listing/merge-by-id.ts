import type { ListedPage, ListingEvent } from '../../sync/source.ts';
import { compareIds } from '../parse/read-content-id.ts';

/** Merges listings that are each ordered by id into one; it is complete when all of them are. */
export async function* mergeById(
  listings: readonly AsyncGenerator<ListingEvent, void>[],
): AsyncGenerator<ListingEvent, void> {
  const lanes = listings.map((listing) => new Lane(listing));
  try {
    for (;;) {
      for (const lane of lanes) await lane.fill();
      const open = lanes.filter((lane) => lane.pages.length > 0);
      if (open.length === 0) {
        yield endOf(lanes);
        return;
      }

      const bound = open.map((lane) => lane.highest()).reduce(lower);
      const pages = open.flatMap((lane) => lane.takeUpTo(bound));
      yield { kind: 'batch', pages: pages.sort((a, b) => compareIds(idOf(a), idOf(b))) };
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

  highest(): string {
    return this.pages.map(idOf).reduce((a, b) => (compareIds(a, b) > 0 ? a : b));
  }

  takeUpTo(bound: string): readonly ListedPage[] {
    const taken = this.pages.filter((page) => compareIds(idOf(page), bound) <= 0);
    this.pages = this.pages.filter((page) => compareIds(idOf(page), bound) > 0);
    return taken;
  }

  async leave(): Promise<void> {
    await this.#listing.return(undefined);
  }
}

function idOf(page: ListedPage): string {
  return page.kind === 'page' ? page.head.id : page.id;
}

function lower(a: string, b: string): string {
  return compareIds(a, b) < 0 ? a : b;
}

function endOf(lanes: readonly Lane[]): ListingEvent {
  const reasons = lanes.flatMap(({ ending }) => (ending !== null && !ending.complete ? [ending.reason] : []));
  return reasons.length === 0
    ? { kind: 'end', complete: true }
    : { kind: 'end', complete: false, reason: reasons.join('; ') };
}
