import type { Content } from '../content.ts';
import { lowerBound } from './lower-bound.ts';
import type { Key } from './order.ts';

/** One ordered stretch of pages with positions; a position can be empty where an edit took the page elsewhere. */
export type Run = Readonly<{
  length: number;
  keyAt: (position: number) => Key;
  contentAt: (position: number) => Content | null;
  /** How many positions before this one are empty. */
  emptyBefore: (position: number) => number;
}>;

/** Compares two keys in the direction of a walk. */
export type CompareKeys = (a: Key, b: Key) => number;

/** The same run read from its end. */
export function reverseRun(run: Run): Run {
  const mirror = (position: number): number => run.length - 1 - position;
  return {
    length: run.length,
    keyAt: (position) => run.keyAt(mirror(position)),
    contentAt: (position) => run.contentAt(mirror(position)),
    emptyBefore: (position) => run.emptyBefore(run.length) - run.emptyBefore(run.length - position),
  };
}

/** The first position of a run that does not lie before `key`. */
export function placeIn(run: Run, compare: CompareKeys, key: Key): number {
  return lowerBound(run.length, (position) => compare(run.keyAt(position), key) >= 0);
}
