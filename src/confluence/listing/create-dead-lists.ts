import type { ConfluenceUnavailable } from '../../sync/errors.ts';

/** Tells lists that fail whole, one after the other, from single ones that do. */
export interface DeadLists {
  /** A list gave rows. */
  revived(): void;
  /** A list gave nothing from either end. Throws `error` where that has been so for several lists in a row. */
  died(error: ConfluenceUnavailable): void;
}

/** Lists in a row that may fail whole before it is Confluence that fails. */
const MOST_DEAD = 3;

/** Makes a count of dead lists. */
export function createDeadLists(): DeadLists {
  let inARow = 0;
  return {
    revived: () => {
      inARow = 0;
    },
    died: (error) => {
      if (++inARow >= MOST_DEAD) throw error;
    },
  };
}
