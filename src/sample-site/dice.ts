/** A repeatable source of choices; `bits` gives 32 of them. */
export type Dice = Readonly<{
  bits: () => number;
  below: (limit: number) => number;
  pick: <T>(choices: readonly [T, ...T[]]) => T;
}>;

/** Makes dice that fall the same way for the same seed: the generator known as mulberry32. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  function bits(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
  const below = (limit: number): number => bits() % limit;
  return { bits, below, pick: (choices) => choices[below(choices.length)] ?? choices[0] };
}
