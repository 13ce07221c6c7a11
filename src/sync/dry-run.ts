import { assertSameSite } from './assert-same-site.ts';
import { nameChange } from './compare.ts';
import type { BatchResult, Batch, Lease, PageOutcome, PageReader, PageStore, RunJournal } from './store.ts';
import type { Clock } from './ambient.ts';

/** Stands in for the writing side in a dry run: names what would become of each page and writes nothing. */
export function createDryRun(
  reader: PageReader,
  clock: Clock,
): Readonly<{ store: PageStore; journal: RunJournal; lease: Lease }> {
  const nothing = () => Promise.resolve();
  return {
    store: {
      ...reader,
      load: (batch) => foresee(reader, batch),
      rehash: nothing,
      forgetFailures: nothing,
      countCrashes: () => Promise.resolve(new Map()),
      workOn: nothing,
      forgetCrashes: nothing,
      bindSite: async (site) => {
        assertSameSite(await reader.site(), site);
      },
      tidy: () => Promise.resolve(false),
    },
    journal: {
      begin: () => Promise.resolve({ runId: 'dry-run', startedAt: clock.now(), afterCrash: false }),
      finish: nothing,
    },
    lease: { acquire: () => Promise.resolve({ lost: new AbortController().signal, release: nothing }) },
  };
}

async function foresee(reader: PageReader, batch: Batch): Promise<BatchResult> {
  const heads = [...batch.records.map((record) => record.head), ...batch.heads];
  const known = await lookUp(
    reader,
    heads.map((head) => head.id),
  );
  const outcomes = new Map<string, PageOutcome>();
  for (const head of heads) outcomes.set(head.id, nameChange(head, known.get(head.id)));
  for (const failure of batch.failures) outcomes.set(failure.id, 'failed');
  for (const deletion of batch.deletions) outcomes.set(deletion.id, 'deleted');
  return { outcomes, failures: [] };
}

async function lookUp(reader: PageReader, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>();
  return new Map((await reader.known({ ids, range: null })).map((row) => [row.id, row]));
}
