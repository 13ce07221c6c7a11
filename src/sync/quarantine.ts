import { isUnwantedSpace } from './is-unwanted-space.ts';
import { holdsRoot } from './locate-roots.ts';
import { leftScope } from './left-scope.ts';
import { giveLastChance, WORKER_CRASHED } from './crashes.ts';
import type { Run } from './run.ts';
import { createScope } from './scope.ts';
import type { FailedId } from './store.ts';

const PAGE_SIZE = 500;

/**
 * Reads which pages are in quarantine and tried again in this run: all of them in a full run or when a person asks, else those whose
 * pause is over.
 */
export async function readQuarantine(run: Run): Promise<void> {
  const dueOnly = run.mode === 'incremental' && run.request.trigger === 'schedule';
  for (let after: string | null = null; ;) {
    const rows = await run.parts.reader.failedIds({ after, limit: PAGE_SIZE });
    for (const row of rows) takeOut(run, row, dueOnly);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_SIZE) return;
    after = last.id;
  }
}

/** A page that workers died over waits out its pause whoever asks, unless it is edited: trying it costs a worker. */
function takeOut(run: Run, row: FailedId, dueOnly: boolean): void {
  run.quarantinedBefore.add(row.id);
  if (row.due || !dueOnly) run.quarantined.set(row.id, row);
  if (row.code !== WORKER_CRASHED) return;
  giveLastChance(run, row.id);
  if (!row.due) run.parked.set(row.id, row.version);
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
