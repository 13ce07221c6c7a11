import { gatherSpace } from './list-space.ts';
import type { Space } from './page.ts';
import type { Run, SpaceKind, SpaceRun } from './run.ts';
import { chooseSpaces, createScope } from './scope.ts';
import type { StoredSpace } from './store.ts';
import { createTally } from './tally.ts';

/** Decides which spaces this run meets and how, and notes wanted ones that Confluence does not show. */
export async function planSpaces(run: Run): Promise<void> {
  const { request, parts } = run;
  const listing = await parts.source.listSpaces(run.signal);
  const stored = new Map((await parts.reader.spaces()).map((space) => [space.key, space]));
  const { wanted, unwanted, unseen } = chooseSpaces(listing.spaces, request.scope, request.onlySpaces);
  for (const space of wanted) run.spaces.push(openSpace(run, 'walked', space, stored.get(space.key)));
  for (const key of unseen)
    doubt(run, `space ${key} is wanted, but it does not exist or these credentials may not see it`);
  if (!listing.complete)
    doubt(run, `the list of spaces is incomplete: ${listing.reason ?? 'Confluence gave no reason'}`);
  const planned = new Set(wanted.map((space) => space.key));
  const left = [...stored.values()].filter((space) => space.livePages > 0 && !planned.has(space.key));
  const archived = new Set(unwanted.map((space) => space.key));
  for (const space of left) await addLeftOver(run, space, archived.has(space.key), listing.complete);
  const known = run.spaces.reduce((pages, state) => pages + state.pagesBefore, 0);
  parts.observer.planned(wanted.length, known);
}

function doubt(run: Run, note: string): void {
  run.doubts.any = true;
  run.notes.push(note);
}

/** A space with stored pages that is not walked: no longer wanted, or no longer shown. */
async function addLeftOver(
  run: Run,
  before: StoredSpace,
  isUnwanted: boolean,
  isListComplete: boolean,
): Promise<void> {
  const { scope, onlySpaces, acceptDeletes } = run.request;
  if (!createScope({ ...scope, spaces: onlySpaces, excludeSpaces: [] })(before.key)) return;
  const space = { id: '', key: before.key, name: before.name, status: before.status };
  if (isUnwanted || !createScope(scope)(before.key)) {
    if (run.mode === 'incremental') return;
    const state = openSpace(run, 'unwanted', space, before);
    run.spaces.push(state);
    await gatherSpace(run, state);
  } else if (isListComplete) {
    const state = openSpace(run, 'vanished', space, before);
    // Absence is also what a lost permission looks like.
    state.reason = `Confluence no longer shows this space: it was deleted, or these credentials lost it. Its ${before.livePages} pages are kept; sync --accept-deletes removes those that Confluence says are gone`;
    run.spaces.push(state);
    if (acceptDeletes) await gatherSpace(run, state);
  }
}

function openSpace(run: Run, kind: SpaceKind, space: Space, before: StoredSpace | undefined): SpaceRun {
  const isListed = before !== undefined && before.lastListedAt !== null;
  return {
    space,
    kind,
    tally: createTally(run.total),
    pagesBefore: before?.livePages ?? 0,
    watermarkBefore: isListed ? before.watermark : null,
    listing: kind === 'vanished' ? 'incomplete' : 'complete',
    reason: null,
    watermark: null,
    missing: [],
    deletions: [],
    unconfirmed: [],
    held: null,
    finished: kind !== 'walked',
  };
}
