import type { Clock, Log, Random } from '../sync/ambient.ts';
import { LeaseTaken, SyncError } from '../sync/errors.ts';

const SHORTEST_MS = 1_000;
const LONGEST_MS = 60_000;

/** Tries until it works, with growing pauses, as long as the failure is one that passes by itself. */
export async function keepTrying<Value>(
  work: () => Promise<Value>,
  { clock, random, log }: Readonly<{ clock: Clock; random: Random; log: Log }>,
  stop: AbortSignal,
): Promise<Value> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (stop.aborted || !passesByItself(error)) throw error;
      const ms = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** (tries - 1)) * (0.5 + random() / 2);
      log.warn({ tries, waitMs: Math.round(ms), reason: error.message }, 'the worker cannot begin yet');
      await clock.sleep(ms, stop);
    }
  }
}

function passesByItself(error: unknown): error is SyncError {
  return error instanceof LeaseTaken || (error instanceof SyncError && error.advice === 'retry_later');
}
