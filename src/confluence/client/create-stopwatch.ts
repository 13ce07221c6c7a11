import type { Clock } from '../../sync/ambient.ts';

/** Adds up the time in which at least one wait was on: waits at the same time count once. */
export interface Stopwatch {
  /** Waits, and counts the time it takes. */
  during(wait: () => Promise<void>): Promise<void>;
  elapsedMs(): number;
}

/** Makes a stopwatch that stands at zero. */
export function createStopwatch(clock: Clock): Stopwatch {
  let total = 0;
  let running = 0;
  let since = 0;
  const elapsedMs = () => total + (running > 0 ? clock.monotonicMs() - since : 0);
  return {
    during: async (wait) => {
      if (running++ === 0) since = clock.monotonicMs();
      try {
        await wait();
      } finally {
        total = running === 1 ? elapsedMs() : total;
        running--;
      }
    },
    elapsedMs,
  };
}
