/** The size of requests for a list: shrinks when the server fails, grows back when it has worked for a while. */
export interface LimitLadder {
  size(): number;
  /** Takes the next smaller size; false where there is none. */
  shrink(): boolean;
  worked(): void;
}

const STEADY = 8;
/** A size that failed this often is not tried again. */
const PATIENCE = 2;

/** Makes a ladder from `largest` down to 1, each size half of the one before. */
export function createLimitLadder(largest: number): LimitLadder {
  const sizes = [largest];
  for (let size = largest; size > 1;) {
    size = Math.floor(size / 2);
    sizes.push(size);
  }
  const failures = sizes.map(() => 0);
  let at = 0;
  let successes = 0;
  return {
    size: () => sizes[at] ?? 1,
    shrink: () => {
      failures[at] = (failures[at] ?? 0) + 1;
      successes = 0;
      if (at === sizes.length - 1) return false;
      at++;
      return true;
    },
    worked: () => {
      successes++;
      if (successes < STEADY || at === 0 || (failures[at - 1] ?? 0) >= PATIENCE) return;
      at--;
      successes = 0;
    },
  };
}
