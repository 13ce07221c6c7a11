import type { Clock } from '../../sync/ambient.ts';

/** A pause that all requests share: when Confluence asks one of them to wait, all wait. */
export interface Pause {
  /** Starts or prolongs the pause; returns by how many milliseconds it got longer. */
  extend(ms: number): number;
  /** Resolves when no pause is on. */
  over(signal: AbortSignal): Promise<void>;
}

/** Makes a pause on the given clock. */
export function createPause(clock: Clock): Pause {
  let until = clock.monotonicMs();
  return {
    extend: (ms) => {
      const now = clock.monotonicMs();
      const before = Math.max(until, now);
      until = Math.max(before, now + ms);
      return until - before;
    },
    over: async (signal) => {
      // Each end is waited for once: a clock that wakes a little early must not make this spin.
      for (let waitedFor = -Infinity; until > waitedFor;) {
        const left = until - clock.monotonicMs();
        if (left <= 0) return;
        waitedFor = until;
        await clock.sleep(Math.ceil(left), signal);
      }
    },
  };
}
