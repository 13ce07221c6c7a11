import { lowerBound } from './lower-bound.ts';

/** Items in order. Adding and removing cost little; the order is made good at the next look. */
export type SortedList<T> = Readonly<{
  add: (item: T) => void;
  remove: (item: T) => void;
  items: () => readonly T[];
}>;

/** Up to this many waiting changes are spliced in one by one; more are worth one sort. */
const SPLICED_AT_MOST = 16;

/** Makes an empty list ordered by `compare`, which must tell any two different items apart. */
export function createSortedList<T>(compare: (a: T, b: T) => number): SortedList<T> {
  let items: T[] = [];
  const added = new Set<T>();
  const removed = new Set<T>();

  function settle(): void {
    if (added.size + removed.size <= SPLICED_AT_MOST) spliceChanges();
    else items = [...items.filter((item) => !removed.has(item)), ...added].sort(compare);
    added.clear();
    removed.clear();
  }

  function spliceChanges(): void {
    // A copy: whoever still walks over the items of before must not see them move.
    items = [...items];
    for (const item of removed) items.splice(placeOf(item), 1);
    for (const item of added) items.splice(placeOf(item), 0, item);
  }

  function placeOf(item: T): number {
    return lowerBound(items.length, (position) => {
      const other = items[position];
      return other === undefined || compare(other, item) >= 0;
    });
  }

  return {
    add: (item) => added.add(item),
    remove(item) {
      if (!added.delete(item)) removed.add(item);
    },
    items() {
      if (added.size + removed.size > 0) settle();
      return items;
    },
  };
}
