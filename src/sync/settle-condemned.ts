import { fetchBodies } from './fetch-bodies.ts';
import { loadPack } from './load-pack.ts';
import { emptyPack, pack } from './pack.ts';
import type { PageFailure } from './page.ts';
import type { Run } from './run.ts';
import type { Tally } from './tally.ts';

/**
 * Puts the pages in quarantine that killed as many workers as they may, and looks at each once more, when all else is done: a worker
 * may have been killed three times from outside while the same page was in its hands. A page that kills this worker, too, is in
 * quarantine by then, and stays there.
 */
export async function settleCondemned(run: Run): Promise<void> {
  const failures = [...run.condemned.values()];
  if (failures.length === 0) return;
  await run.parts.store.load({ runId: run.runId, ...emptyPack(), failures, space: null });
  for (const failure of failures) {
    const tally = tallyOf(run, failure);
    if (run.quarantinedBefore.has(failure.id)) tally.add('failed');
    else await lookOnceMore(run, failure, tally);
  }
}

async function lookOnceMore(run: Run, failure: PageFailure, tally: Tally): Promise<void> {
  const { id } = failure;
  run.crashes.delete(id);
  const rows = await run.parts.reader.known({ ids: [id], range: null });
  const known = new Map(rows.map((row) => [row.id, row]));
  const steps = fetchBodies(run, [id], known, () => tally, run.signal, new Map([[id, failure]]));
  for await (const packed of pack(steps, 1)) await loadPack(run, packed, null, () => tally);
}

function tallyOf(run: Run, { spaceKey }: PageFailure): Tally {
  const own = run.spaces.find((state) => state.space.key === spaceKey) ?? run.spaces[0];
  if (own === undefined) throw new TypeError('a run without spaces condemns no page');
  return own.tally;
}
