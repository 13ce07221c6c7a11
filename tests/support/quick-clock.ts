import type { Clock } from '../../src/sync/ambient.ts';
import { realClock } from './test-clock.ts';

/** A clock that runs so many times faster than time: who waits a minute by it waits less. */
export function quickClock(speed: number): Clock {
  const began = { at: Date.now(), ms: performance.now() };
  const elapsedMs = (): number => (performance.now() - began.ms) * speed;
  return {
    now: () => new Date(began.at + elapsedMs()),
    monotonicMs: elapsedMs,
    sleep: (ms, signal) => realClock.sleep(ms / speed, signal),
  };
}
