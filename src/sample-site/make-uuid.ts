import type { Dice } from './dice.ts';

/** A UUID of version 4's form from repeatable dice. */
export function makeUuid(dice: Dice): string {
  const hex = (length: number): string => Array.from({ length }, () => dice.below(16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}
