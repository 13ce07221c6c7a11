import { gatherSpace } from './list-space.ts';
import type { Space } from './page.ts';
import type { Run, SpaceRun } from './run.ts';
import { chooseSpaces, createScope } from './scope.ts';
import type { StoredSpace } from './store.ts';
import { createTally } from './tally.ts';

/** Decides which spaces this run walks, and notes wanted ones that Confluence does not show. */
export async function planSpaces(run: Run): Promise<void> {
  const { request, parts } = run;
  const listing = await parts.source.listSpaces(run.signal);
  const stored = new Map((await parts.reader.spaces()).map((space) => [space.key, space]));
  const { wanted, unseen } = chooseSpaces(listing.spaces, request.scope, request.onlySpaces);
  for (const space of wanted) run.spaces.push(openSpace(run, space, stored.get(space.key), null));
  for (const key of unseen)
    doubt(run, `space ${key} is wanted, but it does not exist or these credentials may not see it`);
  if (listing.complete) await addVanished(run, [...stored.values()], listing.spaces);
  else doubt(run, `the list of spaces is incomplete: ${listing.reason ?? 'Confluence gave no reason'}`);
  const known = run.spaces.reduce((pages, state) => pages + state.pagesBefore, 0);
  parts.observer.planned(wanted.length, known);
}

function doubt(run: Run, note: string): void {
  run.doubts.any = true;
  run.notes.push(note);
}

/** Spaces that hold stored pages and are not shown any more. Absence is also what a lost permission looks like. */
async function addVanished(
  run: Run,
  stored: readonly StoredSpace[],
  visible: readonly Space[],
): Promise<void> {
  const { scope, onlySpaces } = run.request;
  const isInScope = createScope(scope);
  const isInRun = createScope({ ...scope, spaces: onlySpaces, excludeSpaces: [] });
  const seen = new Set(visible.map((space) => space.key));
  for (const before of stored) {
    const { key, name, status, livePages } = before;
    if (livePages === 0 || seen.has(key) || !isInScope(key) || !isInRun(key)) continue;
    const reason = `Confluence no longer shows this space: it was deleted, or these credentials lost it. Its ${livePages} pages are kept; sync --accept-deletes removes those that Confluence says are gone`;
    const state = openSpace(run, { id: '', key, name, status }, before, reason);
    run.spaces.push(state);
    if (run.request.acceptDeletes) await gatherSpace(run, state);
  }
}

function openSpace(
  run: Run,
  space: Space,
  before: StoredSpace | undefined,
  vanished: string | null,
): SpaceRun {
  const isListed = before !== undefined && before.lastListedAt !== null;
  return {
    space,
    tally: createTally(run.total),
    pagesBefore: before?.livePages ?? 0,
    watermarkBefore: isListed ? before.watermark : null,
    vanished: vanished !== null,
    listing: vanished === null ? 'complete' : 'incomplete',
    reason: vanished,
    watermark: null,
    missing: [],
    deletions: [],
    unconfirmed: [],
    held: null,
    finished: vanished !== null,
  };
}
