import type { PageStore } from '../sync/store.ts';
import { bindSite } from './bind-site.ts';
import { enterFence } from './fence.ts';
import { loadBatch } from './load-batch.ts';
import { createCrashWatch } from './crash-watch.ts';
import { createPageReader } from './page-reader.ts';
import { leaveQuarantine } from './quarantine.ts';
import type { Retention } from './retention.ts';
import type { StoreParts } from './store-parts.ts';
import { tidy } from './tidy.ts';
import type { Tx } from './transactions.ts';
import { writeHashes } from './write-hashes.ts';

/** The mirror in PostgreSQL. Every writing method checks the lease inside its transaction. */
export function createPageStore(parts: StoreParts, retention: Retention): PageStore {
  const fenced = (work: (tx: Tx) => Promise<void>): Promise<void> =>
    parts.transactions.run(async (tx) => {
      await enterFence(tx, parts.schema, parts.names, parts.fence);
      await work(tx);
    });
  return {
    ...createPageReader(parts),
    ...createCrashWatch(parts),
    load: (batch) => loadBatch(parts, batch),
    rehash: (hashes) => fenced((tx) => writeHashes(tx, parts.names, hashes)),
    forgetFailures: (ids) => fenced((tx) => leaveQuarantine(tx, parts.names, ids)),
    tidy: () => tidy(parts, retention),
    bindSite: (site) => fenced((tx) => bindSite(tx, parts.schema, site)),
  };
}
