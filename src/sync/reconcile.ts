import type { Run, SpaceRun } from './run.ts';
import { createScope } from './scope.ts';
import type { Identity, Presence } from './source.ts';
import type { Deletion, Held } from './store.ts';

/** Ids asked of Confluence, or deleted, at a time. */
const SLICE = 250;
/** Ids of a held space that are shown; the number says how many there are. */
const SHOWN_IDS = 100;

/**
 * Finds out which of the stored pages that a complete listing did not show may be marked as deleted: the guard first, then
 * Confluence's own word for each id. Leaves the verdict in `state`; writes nothing.
 */
export async function proveDeletions(run: Run, state: SpaceRun, who: Identity): Promise<void> {
  if (state.listing === 'incomplete' && !(state.vanished && run.request.acceptDeletes)) return;
  const candidates = await stillHere(run, state);
  if (candidates.length === 0) return;
  state.held = holdReason(run, state, candidates, who);
  if (state.held !== null) return;
  for (let from = 0; from < candidates.length; from += SLICE) {
    const answers = await run.parts.source.confirm(candidates.slice(from, from + SLICE), run.signal);
    for (const [id, presence] of answers) judge(run, state, id, presence);
  }
}

/** Candidates that no other space of this run has taken in since. */
async function stillHere(run: Run, state: SpaceRun): Promise<readonly string[]> {
  const here: string[] = [];
  for (let from = 0; from < state.missing.length; from += SLICE) {
    const ids = state.missing.slice(from, from + SLICE);
    const rows = await run.parts.reader.known({ ids, range: null });
    for (const row of rows) if (row.spaceKey === state.space.key && !row.deleted) here.push(row.id);
  }
  return here;
}

function holdReason(run: Run, state: SpaceRun, candidates: readonly string[], who: Identity): Held | null {
  if (run.request.acceptDeletes) return null;
  const { deleteMaxShare, deleteMinPages } = run.request.guards;
  const wouldDelete = candidates.length;
  const ofPages = Math.max(state.pagesBefore, wouldDelete);
  const held = (reason: string): Held => ({
    reason,
    wouldDelete,
    ofPages,
    ids: candidates.slice(0, SHOWN_IDS),
  });
  if (who.kind === 'anonymous')
    return held('the site is read without credentials, which cannot tell a deleted page from a hidden one');
  if (who.kind === 'unknown') return held(`Confluence does not say who the credentials are: ${who.reason}`);
  if (wouldDelete > deleteMinPages && wouldDelete / ofPages > deleteMaxShare)
    return held(`${wouldDelete} of ${ofPages} pages would go, more than the guard allows`);
  return null;
}

function judge(run: Run, state: SpaceRun, id: string, presence: Presence): void {
  switch (presence.kind) {
    case 'gone':
      state.deletions.push({ id, status: 'deleted', reason: 'gone' });
      return;
    case 'trashed':
      state.deletions.push({ id, status: 'trashed', reason: 'trashed' });
      return;
    case 'live':
      if (leftScope(run, presence)) state.deletions.push({ id, status: 'deleted', reason: 'out_of_scope' });
      return;
    case 'unclear':
      state.unconfirmed.push({ id, reason: presence.reason });
      return;
  }
}

function leftScope(run: Run, presence: Extract<Presence, { kind: 'live' }>): boolean {
  const { scope } = run.request;
  if (presence.status === 'archived' && scope.archived === 'exclude') return true;
  return presence.spaceKey !== null && !createScope(scope)(presence.spaceKey);
}

/** Marks the proven pages as deleted, or writes down why they are held. */
export async function applyDeletions(run: Run, state: SpaceRun): Promise<void> {
  const { key, name, status } = state.space;
  const deletions: readonly Deletion[] = state.deletions;
  for (let from = 0; from < deletions.length; from += SLICE) {
    const slice = deletions.slice(from, from + SLICE);
    const batch = { runId: run.runId, records: [], heads: [], failures: [], deletions: slice, space: null };
    const result = await run.parts.store.load(batch);
    for (const [id, outcome] of result.outcomes) {
      if (outcome !== 'deleted') continue;
      state.tally.add('deleted');
      run.parts.observer.changed(null, id, 'deleted');
    }
    run.parts.observer.advanced(run);
  }
  if (state.listing === 'incomplete' && state.held === null) return;
  const space = { key, name, status, held: state.held };
  await run.parts.store.load({
    runId: run.runId,
    records: [],
    heads: [],
    failures: [],
    deletions: [],
    space,
  });
}
