import { stopped } from './stopped.ts';

/**
 * Runs `work` on every item, at most `width` at a time, and keeps the order of results. The first failure stops the others
 * through the signal they get; it is thrown once they have all ended, so that nothing runs on unseen.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  width: number,
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<readonly Result[]> {
  if (signal.aborted) throw stopped(signal);
  const others = new AbortController();
  const passOn = () => {
    others.abort(signal.reason);
  };
  signal.addEventListener('abort', passOn, { once: true });
  try {
    return await runAll(items, width, others, work);
  } finally {
    signal.removeEventListener('abort', passOn);
  }
}

async function runAll<Item, Result>(
  items: readonly Item[],
  width: number,
  others: AbortController,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) {
      if (others.signal.aborted) return;
      try {
        results[index] = await work(item, others.signal);
      } catch (error) {
        failures.push(error);
        others.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  if (failures.length > 0) throw failures[0];
  if (others.signal.aborted) throw stopped(others.signal);
  return results;
}
