import type { Parameters } from 'fast-check';
import type { Sequence } from './sequence.ts';

/**
 * How many sequences to play, and which. A failure prints its seed and path: `SEQUENCE_SEED=1 SEQUENCE_PATH=2:0` plays that one
 * again, and `SEQUENCES=5000` plays more.
 */
export function replayOptions(usual: number): Parameters<[Sequence]> {
  const { SEQUENCES: count, SEQUENCE_SEED: seed, SEQUENCE_PATH: path } = process.env;
  return {
    numRuns: Number(count ?? usual),
    ...(seed !== undefined && { seed: Number(seed) }),
    ...(path !== undefined && { path }),
  };
}
