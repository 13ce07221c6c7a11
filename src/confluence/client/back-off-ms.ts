import type { Random } from '../../sync/ambient.ts';

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/** The pause after the given number of failed tries: full jitter under a ceiling that doubles from 1 s to 30 s. */
export function backOffMs(tries: number, random: Random): number {
  return Math.ceil(random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1)));
}
