import type { Bench } from './bench.ts';

/** Loads the pages as a sync does, so many a transaction, each with the space's checkpoint. Returns the pages that failed. */
export async function loadPages({ database, records }: Bench, batchSize: number): Promise<number> {
  // Anew each time: a worker that finds its feed truncated gives up.
  const lease = await database.lease.acquire();
  let failures = 0;
  for (let start = 0; start < records.length; start += batchSize) {
    const slice = records.slice(start, start + batchSize);
    const watermark = slice.at(-1)?.head.lastUpdated ?? new Date(0);
    const space = { key: 'SPACE0', name: 'Space', status: 'current', watermark } as const;
    const batch = { runId: 'bench', heads: [], failures: [], deletions: [], space, records: slice };
    failures += (await database.store.load(batch)).failures.length;
  }
  await lease.release();
  return failures;
}
