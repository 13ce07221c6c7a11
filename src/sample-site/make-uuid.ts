import type { Dice } from './dice.ts';

/** A UUID of version 4's form from repeatable dice. */
export function makeUuid(dice: Dice): string {
  const hex = (): string => dice.bits().toString(16).padStart(8, '0');
  const [a, b, c, d] = [hex(), hex(), hex(), hex()];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}
