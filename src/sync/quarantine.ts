import { isUnwantedSpace } from './is-unwanted-space.ts';
import { holdsRoot } from './locate-roots.ts';
import { leftScope } from './left-scope.ts';
import type { Run } from './run.ts';
import { createScope } from './scope.ts';

const PAGE_SIZE = 500;

/**
 * Reads which pages are in quarantine and tried again in this run: all of them in a full run or when a person asks, else those whose
 * pause is over.
 */
export async function readQuarantine(run: Run): Promise<void> {
  const dueOnly = run.mode === 'incremental' && run.request.trigger === 'schedule';
  for (let after: string | null = null; ;) {
    const rows = await run.parts.reader.failedIds({ dueOnly, after, limit: PAGE_SIZE });
    for (const row of rows) {
      run.quarantined.set(row.id, row);
      run.quarantinedBefore.add(row.id);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_SIZE) return;
    after = last.id;
  }
}

/** Takes out of the quarantine what no listing of its space showed, and Confluence says is gone or where nothing is wanted. */
export async function settleQuarantine(run: Run): Promise<void> {
  const complete = new Set(
    run.spaces.filter((state) => state.listing === 'complete').map((state) => state.space.key),
  );
  const isMeant = createScope({ spaces: run.request.onlySpaces, excludeSpaces: [] });
  const isUnwanted = (key: string) =>
    key !== '' && isMeant(key) && (isUnwantedSpace(run, key) || !holdsRoot(run, key));
  const unseen = [...run.quarantined.values()]
    .filter((page) => complete.has(page.spaceKey) || isUnwanted(page.spaceKey))
    .map((page) => page.id);
  for (let from = 0; from < unseen.length; from += PAGE_SIZE) {
    const answers = await run.parts.source.confirm(unseen.slice(from, from + PAGE_SIZE), run.signal);
    const places = await leftScope(run, answers);
    const gone = [...answers].filter(
      ([id, { kind }]) => kind === 'gone' || kind === 'trashed' || places.get(id)?.kind === 'left',
    );
    if (gone.length > 0) await run.parts.store.forgetFailures(gone.map(([id]) => id));
  }
}
