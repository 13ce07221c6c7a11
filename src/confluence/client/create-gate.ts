import type { Clock } from '../../sync/ambient.ts';
import { createLimiter } from './create-limiter.ts';
import type { Pace } from './create-pace.ts';
import { endingWith } from './ending-with.ts';
import type { Stopwatch } from './create-stopwatch.ts';

/** Lets requests out one after the other, none before the site wants it. */
export interface Gate {
  /** Resolves when a request is to be sent at once. Throws what `tooLong` makes where that is later than a run waits. */
  pass(signal: AbortSignal, tooLong: (leftMs: number) => Error): Promise<void>;
  /** Starts or prolongs the pause that all requests share; never shortens it. */
  pause(ms: number): void;
  /** Keeps requests at least this far apart from now on. */
  spread(gapMs: number): void;
}

/** The longest pause that a run waits for. */
export const LONGEST_PAUSE_MS = 15 * 60_000;
/** Quotas start anew by the hour: what asks for more is not believed. */
const LONGEST_BELIEVED_MS = 60 * 60_000;
/** Timers may wake early, and the site's clock may be cut to milliseconds. */
const LATER_MS = 10;

/** Makes a gate that is open. `waits` counts the time for which requests are held. */
export function createGate(clock: Clock, pace: Pick<Pace, 'gapMs'>, waits: Stopwatch): Gate {
  const line = createLimiter(1);
  let pausedUntil = -Infinity;
  let sentAt = -Infinity;
  let spreadMs = 0;

  const openFrom = (now: number) => Math.max(pausedUntil, sentAt + Math.max(pace.gapMs(now), spreadMs));

  const wait = async (signal: AbortSignal, tooLong: (leftMs: number) => Error) => {
    // Each end is waited for once: a clock that wakes early must not make this spin.
    for (let waitedFor = -Infinity; ;) {
      const now = clock.monotonicMs();
      if (pausedUntil - now > LONGEST_PAUSE_MS + LATER_MS) throw tooLong(pausedUntil - now);
      const until = openFrom(now);
      if (until <= now || until <= waitedFor) return;
      waitedFor = until;
      await waits.during(() => endingWith(signal, clock.sleep(Math.ceil(until - now), signal)));
    }
  };

  return {
    pass: (signal, tooLong) =>
      line(signal, async () => {
        await wait(signal, tooLong);
        sentAt = clock.monotonicMs();
      }),
    pause: (ms) => {
      const until = clock.monotonicMs() + Math.min(ms, LONGEST_BELIEVED_MS) + LATER_MS;
      pausedUntil = Math.max(pausedUntil, until);
    },
    spread: (gapMs) => {
      spreadMs = gapMs;
    },
  };
}
