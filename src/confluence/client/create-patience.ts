import type { Clock } from '../../sync/ambient.ts';

/** Tells when a site that refuses everything has been waited for long enough. */
export interface Patience {
  /** Told of each answer, by whether it was a refusal for being one too many. */
  answered(isRefusal: boolean): void;
  /** Whether the site let anything through since this monotonic moment. */
  openedSince(ms: number): boolean;
  /** Whether waiting another `waitMs` would be too long; then it begins anew, for the next run. */
  runsOut(waitMs: number): boolean;
}

const LEAST_MS = 60_000;
const MOST_MS = 30 * 60_000;
const REFUSALS = 15;

/** Makes the patience of one client: at least a minute, at most half an hour, and else fifteen refusals in a row. */
export function createPatience(clock: Clock): Patience {
  let refusals = 0;
  let shutAtMs = 0;
  let openAtMs = -Infinity;
  return {
    answered: (isRefusal) => {
      if (isRefusal && refusals === 0) shutAtMs = clock.monotonicMs();
      if (!isRefusal) openAtMs = clock.monotonicMs();
      refusals = isRefusal ? refusals + 1 : 0;
    },
    openedSince: (ms) => openAtMs > ms,
    runsOut: (waitMs) => {
      const shutMs = refusals === 0 ? 0 : clock.monotonicMs() - shutAtMs;
      const isOver = shutMs + waitMs > MOST_MS || (refusals >= REFUSALS && shutMs >= LEAST_MS);
      if (isOver) refusals = 0;
      return isOver;
    },
  };
}
