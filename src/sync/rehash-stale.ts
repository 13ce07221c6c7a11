import { hashBody, HASH_VERSION } from '../content/index.ts';
import type { Run } from './run.ts';

const SLICE = 100;

/** Brings hashes made by another canonical form up to date from the stored bodies; readers see no change. */
export async function rehashStale(run: Run): Promise<void> {
  let pages = 0;
  for (let after: string | null = null; ;) {
    run.signal.throwIfAborted();
    const stale = await run.parts.reader.staleHashes(HASH_VERSION, after, SLICE);
    const last = stale.at(-1);
    if (last === undefined) break;
    await run.parts.store.rehash(
      stale.map(({ id, storage }) => ({
        id,
        contentHash: hashBody(storage).contentHash,
        hashVersion: HASH_VERSION,
      })),
    );
    pages += stale.length;
    after = last.id;
  }
  if (pages > 0) run.parts.log.info({ runId: run.runId, pages }, 'stored bodies hashed again');
}
