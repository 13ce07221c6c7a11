import { mix } from '../mix.ts';

/** A number in [0, 1) that a page keeps under a seed: below a share it is one of that share. */
export function shareOf(id: unknown, seed: number): number {
  const digits = /\d{1,9}$/.exec(String(id))?.[0] ?? '0';
  return mix(seed, Number(digits)) / 0x1_0000_0000;
}
