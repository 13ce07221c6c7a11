import type { Order } from '../state/order.ts';
import type { Sequence } from './content-base.ts';

/**
 * Adds the order by title to a base's natural sequences. It is the one order that no arithmetic gives, so it is sorted
 * at its first use and remembered for each space.
 */
export function sortByTitle(
  natural: (spaceIndex: number | null) => Sequence,
  titleAt: (index: number) => string,
): (spaceIndex: number | null, order: Order) => Sequence {
  const sorted = new Map<number | null, Sequence>();
  return (spaceIndex, order) => {
    if (order !== 'title') return natural(spaceIndex);
    const known = sorted.get(spaceIndex) ?? sortSequence(natural(spaceIndex), titleAt);
    sorted.set(spaceIndex, known);
    return known;
  };
}

function sortSequence(sequence: Sequence, titleAt: (index: number) => string): Sequence {
  const rows = Array.from({ length: sequence.length }, (_, position) => {
    const index = sequence.at(position);
    return { index, title: titleAt(index) };
  });
  // Indices grow with ids, so a tie between titles is broken as everywhere: by id.
  rows.sort((a, b) => (a.title === b.title ? a.index - b.index : a.title < b.title ? -1 : 1));
  const indices = Float64Array.from(rows, (row) => row.index);
  return { length: indices.length, at: (position) => indices[position] ?? 0 };
}
