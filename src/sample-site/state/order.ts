import type { Content } from '../content.ts';
import { compareIds } from './compare-ids.ts';

/** The orders a listing can have; ties are broken by id. */
export type Order = 'id' | 'modified-date' | 'created-date' | 'title';

/** A place in an ordered listing: the value sorted by, and the id. */
export type Key = Readonly<{ value: number | string; id: string }>;

/** The key of a page in an order. */
export function keyOf(order: Order, content: Content): Key {
  return { id: content.id, value: valueOf(order, content) };
}

/** Compares two keys of the same order. */
export function compareKeys(a: Key, b: Key): number {
  if (a.value === b.value) return compareIds(a.id, b.id);
  if (typeof a.value === 'number' && typeof b.value === 'number') return a.value - b.value;
  return String(a.value) < String(b.value) ? -1 : 1;
}

function valueOf(order: Order, content: Content): number | string {
  switch (order) {
    case 'id':
      return 0;
    case 'modified-date':
      return content.updatedAt;
    case 'created-date':
      return content.createdAt;
    case 'title':
      return content.title;
  }
}
