import { mix } from '../mix.ts';

/** Turns indices into ids and back. */
export type IdRange = Readonly<{ idAt: (index: number) => string; indexOf: (id: string) => number | null }>;

const STEP = 4;
const LARGE_STEP = 3n;

/**
 * Ids that grow with the index and leave gaps. From the index `largeFrom` on they lie above `large`, past what a
 * JavaScript number holds exactly: a client that reads ids as numbers confuses neighbours there.
 */
export function createIdRange(range: { first: number; large: bigint; largeFrom: number }): IdRange {
  const idAt = (index: number): string =>
    index < range.largeFrom
      ? String(range.first + index * STEP + (mix(range.first, index) % STEP))
      : String(range.large + BigInt(index - range.largeFrom) * LARGE_STEP);

  const indexOf = (id: string): number | null => {
    const index = guessIndex(id, range);
    return index >= 0 && idAt(index) === id ? index : null;
  };
  return { idAt, indexOf };
}

function guessIndex(id: string, range: { first: number; large: bigint; largeFrom: number }): number {
  const value = BigInt(id);
  if (value >= range.large) return range.largeFrom + Number((value - range.large) / LARGE_STEP);
  return Math.floor((Number(value) - range.first) / STEP);
}
