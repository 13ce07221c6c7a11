import type { Clock } from '../sync/ambient.ts';

/** Waits for work, but after the signal aborted only `graceMs` longer. Tells whether the work came to its end. */
export async function endInTime(
  work: Promise<unknown>,
  graceMs: number,
  clock: Clock,
  stop: AbortSignal,
): Promise<boolean> {
  const ended = new AbortController();
  const graceOver = async (): Promise<boolean> => {
    await aborted(stop, ended.signal);
    try {
      await clock.sleep(graceMs, ended.signal);
    } catch (error) {
      if (!ended.signal.aborted) throw error;
    }
    return false;
  };
  const finished = work.then(() => true);
  // Where the grace ends first, nobody is left to hear how the work failed.
  finished.catch(() => undefined);
  try {
    return await Promise.race([finished, graceOver()]);
  } finally {
    ended.abort();
  }
}

async function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  if (signals.some((signal) => signal.aborted)) return;
  await new Promise<void>((resolve) => {
    for (const signal of signals)
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}
