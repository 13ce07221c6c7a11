import { lowerBound } from './lower-bound.ts';
import type { Key } from './order.ts';
import { placeIn, type CompareKeys, type Run } from './run.ts';

/** Where a walk begins: at the first page, behind a key, or behind a number of pages. */
export type Start =
  | Readonly<{ kind: 'first' }>
  | Readonly<{ kind: 'after'; key: Key }>
  | Readonly<{ kind: 'skip'; pages: number }>;

/** The place in each run to begin at, and how many pages to drop from there. */
export type Places = Readonly<{ places: readonly number[]; drop: number }>;

/** Finds where a walk begins by halving, however far into the listing it is. */
export function startOfWalk(runs: readonly Run[], compare: CompareKeys, start: Start): Places {
  switch (start.kind) {
    case 'first':
      return { places: runs.map(() => 0), drop: 0 };
    case 'after':
      return { places: runs.map((run) => placeAfter(run, compare, start.key)), drop: 0 };
    case 'skip':
      return placesBehind(runs, compare, start.pages);
  }
}

function placeAfter(run: Run, compare: CompareKeys, key: Key): number {
  return lowerBound(run.length, (position) => compare(run.keyAt(position), key) > 0);
}

function placesBehind(runs: readonly Run[], compare: CompareKeys, pages: number): Places {
  const rank = (key: Key): number => rankOf(runs, compare, key);
  let nearest: Key | null = null;
  for (const run of runs) {
    const last = lowerBound(run.length, (position) => rank(run.keyAt(position)) > pages) - 1;
    const key = last < 0 ? null : run.keyAt(last);
    if (key !== null && (nearest === null || compare(key, nearest) > 0)) nearest = key;
  }
  if (nearest === null) return { places: runs.map(() => 0), drop: pages };
  const from = nearest;
  return { places: runs.map((run) => placeIn(run, compare, from)), drop: pages - rank(from) };
}

function rankOf(runs: readonly Run[], compare: CompareKeys, key: Key): number {
  return runs.reduce((rank, run) => {
    const place = placeIn(run, compare, key);
    return rank + place - run.emptyBefore(place);
  }, 0);
}
