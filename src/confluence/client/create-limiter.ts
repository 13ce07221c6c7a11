import { stopped } from './stopped.ts';

/** Lets a bounded number of tasks run at a time, the others wait in order. */
export type Limiter = <Result>(signal: AbortSignal, task: () => Promise<Result>) => Promise<Result>;

/** Makes a limiter for `most` tasks. Waiting ends with the signal. */
export function createLimiter(most: number): Limiter {
  let free = most;
  const waiting = new Set<() => void>();
  const acquire = async (signal: AbortSignal) => {
    if (signal.aborted) throw stopped(signal);
    if (free > 0) free--;
    else await inLine(waiting, signal);
  };
  const release = () => {
    const [next] = waiting;
    if (next === undefined) free++;
    else next();
  };
  return async (signal, task) => {
    await acquire(signal);
    try {
      return await task();
    } finally {
      release();
    }
  };
}

function inLine(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      waiting.delete(go);
      signal.removeEventListener('abort', stop);
    };
    const go = () => {
      leave();
      resolve();
    };
    const stop = () => {
      leave();
      reject(stopped(signal));
    };
    waiting.add(go);
    signal.addEventListener('abort', stop, { once: true });
  });
}
