import type { PageFailure, PageHead, PageRecord } from './page.ts';
import type { Deletion } from './store.ts';

/** One page's part of a batch. */
export type Step =
  Readonly<{ kind: 'record'; record: PageRecord }> | Readonly<{ kind: 'head'; head: PageHead }> | PageFailure;

/** Steps that go into one transaction. */
export type Pack = Readonly<{
  records: PageRecord[];
  heads: PageHead[];
  failures: PageFailure[];
  deletions: readonly Deletion[];
}>;

/** A batch of large bodies is cut here, so that memory does not depend on how large pages are. */
const MAX_BATCH_CHARACTERS = 8_000_000;

/** Gathers steps into packs of at most `size` pages, or of about eight million characters of body. */
export async function* pack(steps: AsyncIterable<Step>, size: number): AsyncGenerator<Pack> {
  let current = emptyPack();
  let pages = 0;
  let characters = 0;
  for await (const step of steps) {
    characters += put(current, step);
    pages++;
    if (pages < size && characters < MAX_BATCH_CHARACTERS) continue;
    yield current;
    current = emptyPack();
    pages = characters = 0;
  }
  if (pages > 0) yield current;
}

/** A pack to fill, or to store nothing but deletions or progress. */
export function emptyPack(deletions: readonly Deletion[] = []): Pack {
  return { records: [], heads: [], failures: [], deletions };
}

function put(current: Pack, step: Step): number {
  switch (step.kind) {
    case 'record':
      current.records.push(step.record);
      return step.record.storage.length;
    case 'head':
      current.heads.push(step.head);
      return 0;
    case 'failure':
      current.failures.push(step);
      return 0;
  }
}
