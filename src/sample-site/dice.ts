import { mix } from './mix.ts';

/** A repeatable source of choices. */
export type Dice = Readonly<{
  below: (limit: number) => number;
  pick: <T>(choices: readonly [T, ...T[]]) => T;
}>;

/** Makes dice that fall the same way for the same seed. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    return mix(state) % limit;
  };
  return { below, pick: (choices) => choices[below(choices.length)] ?? choices[0] };
}
