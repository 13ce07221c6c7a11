import type { Content } from '../content.ts';
import type { Key, Order } from '../state/order.ts';

/** Positions of a listing, each standing for an index of the base. */
export type Sequence = Readonly<{ length: number; at: (position: number) => number }>;

/**
 * Pages as they were before any edit, made on demand from their index: the site keeps none of them. Ids, creation and
 * modification times all grow with the index, so that every listing finds its place by halving.
 */
export interface ContentBase {
  readonly size: number;
  contentAt(index: number): Content;
  keyAt(index: number, order: Order): Key;
  indexOf(id: string): number | null;
  /** The indices of a space (or of all spaces) in an order, ascending. */
  sequence(spaceIndex: number | null, order: Order): Sequence;
  /** The body's text after `revision` edits. */
  textAt(index: number, revision: number): string;
  /** Indices whose title may be this one, letter case aside. */
  titled(title: string): readonly number[];
}
