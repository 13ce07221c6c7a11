import type { PageCounts } from './report.ts';
import type { PageOutcome } from './store.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Counts pages by what became of them; `listed` is derived, so that the parts always add up to it. */
export type Tally = Readonly<{
  add(outcome: PageOutcome, pages?: number): void;
  fetched(pages: number): void;
  counts(): PageCounts;
}>;

/** Where the pages of a space are counted; a space that is none of the run's counts somewhere all the same. */
export type TallyOf = (spaceKey: string) => Tally;

/** Starts a count at zero; each addition is passed on to `total`. */
export function createTally(total?: Tally): Tally {
  const parts: Mutable<Omit<PageCounts, 'listed'>> = {
    unchanged: 0,
    fetched: 0,
    created: 0,
    updated: 0,
    moved: 0,
    deleted: 0,
    restored: 0,
    failed: 0,
  };
  return {
    add(outcome, pages = 1) {
      parts[outcome] += pages;
      total?.add(outcome, pages);
    },
    fetched(pages) {
      parts.fetched += pages;
      total?.fetched(pages);
    },
    counts() {
      const { unchanged, created, updated, moved, restored, failed } = parts;
      return { listed: unchanged + created + updated + moved + restored + failed, ...parts };
    },
  };
}
