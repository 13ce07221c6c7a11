import type { ContentBase } from '../base/content-base.ts';
import type { Content, ContentStatus } from '../content.ts';
import { createEditedPages } from './edited-pages.ts';
import { lowerBound } from './lower-bound.ts';
import { mergeRuns } from './merge-runs.ts';
import { compareKeys, type Order } from './order.ts';
import { reverseRun, type CompareKeys, type Run } from './run.ts';
import { createSortedList, type SortedList } from './sorted-list.ts';
import { startOfWalk, type Start } from './start-of-walk.ts';

/** Which pages to walk over, in which order, from where; `spaces` null is every space. */
export type Walk = Readonly<{
  spaces: readonly number[] | null;
  statuses: readonly ContentStatus[];
  order: Order;
  descending: boolean;
  start: Start;
}>;

/** The pages (or blog posts) of the site: a base made on demand, and over it what was edited or created. */
export type Collection = Readonly<{
  get: (id: string) => Content | null;
  /** Adds a page, or puts another state of it in place of the one before. */
  put: (content: Content) => void;
  /** Takes a page away for good. */
  remove: (id: string) => void;
  /** Finding the start costs the same however far into the listing it lies; the walk sees edits made before it began. */
  walk: (walk: Walk) => Generator<Content>;
  /** How many pages a walk would yield. */
  count: (spaces: readonly number[] | null, statuses: readonly ContentStatus[]) => number;
  /** Pages of exactly this title, letter case aside. */
  titled: (title: string) => readonly Content[];
  textAt: (index: number, revision: number) => string;
}>;

/** Makes a collection over a base. */
export function createCollection(base: ContentBase): Collection {
  const edited = createEditedPages();
  const covered = createCover(base);

  function get(id: string): Content | null {
    const index = base.indexOf(id);
    return edited.get(id) ?? (index === null || covered.has(index) ? null : base.contentAt(index));
  }

  function walk({ spaces, statuses, order, descending, start }: Walk): Generator<Content> {
    const forward = (spaces ?? [null]).flatMap((space) => runsOf(space, statuses, order));
    const runs = descending ? forward.map(reverseRun) : forward;
    const compare: CompareKeys = descending ? (a, b) => compareKeys(b, a) : compareKeys;
    return mergeRuns(runs, compare, startOfWalk(runs, compare, start));
  }

  function runsOf(space: number | null, statuses: readonly ContentStatus[], order: Order): Run[] {
    const runs = statuses.map((status) => edited.run(space, status, order));
    if (statuses.includes('current')) runs.push(baseRun(base, covered, space, order));
    return runs.filter((run) => run.length > 0);
  }

  return {
    get,
    put(content) {
      covered.cover(content.id);
      edited.put(content);
    },
    remove(id) {
      covered.cover(id);
      edited.remove(id);
    },
    walk,
    count: (spaces, statuses) =>
      (spaces ?? [null])
        .flatMap((space) => runsOf(space, statuses, 'id'))
        .reduce((sum, run) => sum + run.length - run.emptyBefore(run.length), 0),
    titled(title) {
      const untouched = base.titled(title).filter((index) => !covered.has(index));
      return [...untouched.map((index) => base.contentAt(index)), ...edited.all()].filter(
        (content) => content.title.toLowerCase() === title.toLowerCase(),
      );
    },
    textAt: (index, revision) => base.textAt(index, revision),
  };
}

/** Which pages of the base an edit has put out of force. */
type Cover = Readonly<{
  has: (index: number) => boolean;
  cover: (id: string) => void;
  in: (space: number | null) => readonly number[];
}>;

function createCover(base: ContentBase): Cover {
  const all = new Set<number>();
  const bySpace = new Map<number | null, SortedList<number>>();
  return {
    has: (index) => all.has(index),
    cover(id) {
      const index = base.indexOf(id);
      if (index === null || all.has(index)) return;
      all.add(index);
      for (const space of [null, base.contentAt(index).spaceIndex]) {
        const list = bySpace.get(space) ?? createSortedList<number>((a, b) => a - b);
        bySpace.set(space, list);
        list.add(index);
      }
    },
    in: (space) => bySpace.get(space)?.items() ?? [],
  };
}

function baseRun(base: ContentBase, covered: Cover, space: number | null, order: Order): Run {
  const sequence = base.sequence(space, order);
  const gone = covered.in(space);
  return {
    length: sequence.length,
    keyAt: (position) => base.keyAt(sequence.at(position), order),
    contentAt: (position) => {
      const index = sequence.at(position);
      return covered.has(index) ? null : base.contentAt(index);
    },
    // Under the order by title positions do not grow with the index: nothing that counts pages walks in that order.
    emptyBefore: (position) => {
      const index = position < sequence.length ? sequence.at(position) : Infinity;
      return lowerBound(gone.length, (at) => (gone[at] ?? Infinity) >= index);
    },
  };
}
