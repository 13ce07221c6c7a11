import type { Clock } from '../../../src/sync/ambient.ts';

/** A clock that stands still until everything waits, and then jumps to the next end of a wait. */
export type VirtualTime = Clock & Readonly<{ run: <Result>(work: Promise<Result>) => Promise<Result> }>;

type Timer = Readonly<{ atMs: number; wake: () => void }>;

/** Makes virtual time; every sleep ends up to `lateMs` late, by dice that always fall the same. */
export function createVirtualTime(random: () => number, lateMs = 0): VirtualTime {
  let now = 100_137;
  const timers = new Set<Timer>();
  const sleep: Clock['sleep'] = (ms, signal) =>
    new Promise((resolve, reject) => {
      const stop = () => {
        timers.delete(timer);
        reject(signal.reason as Error);
      };
      const wake = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const timer = { atMs: now + ms + random() * lateMs, wake };
      timers.add(timer);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
    });
  const next = () =>
    [...timers].reduce<Timer | null>((a, b) => (a === null || b.atMs < a.atMs ? b : a), null);
  const run = async <Result>(work: Promise<Result>): Promise<Result> => {
    let open = true;
    const ended = work.finally(() => {
      open = false;
    });
    ended.catch(() => undefined);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const timer = next();
      // `open` is changed by the work while this awaits.
      if (!(open as boolean) || timer === null) return await ended;
      timers.delete(timer);
      now = Math.max(now, timer.atMs);
      timer.wake();
    }
  };
  return { now: () => new Date(Date.UTC(2026, 2, 20) + now), monotonicMs: () => now, sleep, run };
}
