/** The size of requests for a list: shrinks when the server fails, grows back when it has worked for a while. */
export interface LimitLadder {
  size(): number;
  /** Takes the next smaller size; false where there is none. */
  shrink(): boolean;
  worked(): void;
  /** False while sizes still shrink towards whatever the server fails on, and right behind it. */
  isSteady(): boolean;
  /** Forgets the failures, which were one row's: asks for one row, and after that for the largest size again. */
  forgive(): void;
}

const STEADY = 8;
/** A size that failed this often is not tried again. */
const PATIENCE = 2;
/** Successes in a row after which a shrunk size is taken for one that works. */
const SETTLED = 2;

/** Makes a ladder from `largest` down to 1, each size half of the one before; a careful one begins with a single row. */
export function createLimitLadder(largest: number, careful = false): LimitLadder {
  const sizes = [largest];
  for (let size = largest; size > 1;) {
    size = Math.floor(size / 2);
    sizes.push(size);
  }
  const failures = sizes.map(() => 0);
  let at = careful ? sizes.length - 1 : 0;
  let isClimbing = careful;
  let successes = 0;
  let settled = careful ? 0 : SETTLED;
  return {
    size: () => sizes[at] ?? 1,
    shrink: () => {
      failures[at] = (failures[at] ?? 0) + 1;
      successes = settled = 0;
      if (at === sizes.length - 1) return false;
      at++;
      return true;
    },
    worked: () => {
      successes++;
      settled++;
      if (isClimbing) at = 0;
      isClimbing = false;
      if (successes < STEADY || at === 0 || (failures[at - 1] ?? 0) >= PATIENCE) return;
      at--;
      successes = 0;
    },
    isSteady: () => settled >= SETTLED,
    forgive: () => {
      failures.fill(0);
      at = sizes.length - 1;
      isClimbing = true;
      successes = settled = 0;
    },
  };
}
