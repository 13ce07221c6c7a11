import { fetchBodies } from './fetch-bodies.ts';
import { loadPack } from './load-pack.ts';
import { emptyPack, pack } from './pack.ts';
import type { KnownPage } from './page.ts';
import type { Run, SpaceRun } from './run.ts';
import { leftScope, type Place } from './left-scope.ts';
import type { Identity, Presence } from './source.ts';
import type { Held } from './store.ts';

/** Ids asked of Confluence, or deleted, at a time. */
const SLICE = 250;
/** Ids of a held space that are shown; the number says how many there are. */
const SHOWN_IDS = 100;

/**
 * Finds out which of the stored pages that a complete listing did not show may be marked as deleted: the guard first, then
 * Confluence's own word for each id. Pages that the settings no longer want need no such word. Leaves the verdict in `state`.
 */
export async function proveDeletions(run: Run, state: SpaceRun, who: Identity): Promise<void> {
  if (state.listing === 'incomplete' && !(state.kind === 'vanished' && run.request.acceptDeletes)) return;
  const candidates = await stillHere(run, state);
  if (candidates.length === 0) return;
  state.held = holdReason(run, state, candidates, who);
  if (state.held !== null) return;
  const isWanted = (page: KnownPage) =>
    state.kind !== 'unwanted' && run.request.scope.contentTypes.includes(page.type);
  for (const { id } of candidates.filter((page) => !isWanted(page)))
    state.deletions.push({ id, status: 'deleted', reason: 'out_of_scope' });
  await takeIn(run, state, await confirm(run, state, candidates.filter(isWanted)));
}

/** Asks Confluence about each page; returns those that are alive and wanted. */
async function confirm(
  run: Run,
  state: SpaceRun,
  pages: readonly KnownPage[],
): Promise<readonly KnownPage[]> {
  const strays: KnownPage[] = [];
  for (let from = 0; from < pages.length; from += SLICE) {
    const slice = pages.slice(from, from + SLICE);
    const answers = await run.parts.source.confirm(
      slice.map(({ id }) => id),
      run.signal,
    );
    const left = await leftScope(run, answers);
    for (const page of slice) {
      const presence = answers.get(page.id);
      if (presence === undefined) continue;
      if (judge(state, page.id, presence, left.get(page.id)) === 'stray') strays.push(page);
    }
  }
  return strays;
}

/** Candidates that no other space of this run has taken in, or met as bad pages, since. */
async function stillHere(run: Run, state: SpaceRun): Promise<readonly KnownPage[]> {
  const here: KnownPage[] = [];
  for (let from = 0; from < state.missing.length; from += SLICE) {
    const ids = state.missing.slice(from, from + SLICE);
    const rows = await run.parts.reader.known({ ids, range: null });
    for (const row of rows)
      if (row.spaceKey === state.space.key && !row.deleted && !run.failed.has(row.id)) here.push(row);
  }
  return here;
}

function holdReason(run: Run, state: SpaceRun, candidates: readonly KnownPage[], who: Identity): Held | null {
  if (run.request.acceptDeletes) return null;
  const { deleteMaxShare, deleteMinPages } = run.request.guards;
  const wouldDelete = candidates.length;
  const ofPages = Math.max(state.pagesBefore, wouldDelete);
  const held = (reason: string): Held => ({
    reason,
    wouldDelete,
    ofPages,
    ids: candidates.slice(0, SHOWN_IDS).map(({ id }) => id),
  });
  if (who.kind === 'anonymous')
    return held('the site is read without credentials, which cannot tell a deleted page from a hidden one');
  if (who.kind === 'unknown') return held(`Confluence does not say who the credentials are: ${who.reason}`);
  if (wouldDelete > deleteMinPages && wouldDelete / ofPages > deleteMaxShare)
    return held(`${wouldDelete} of ${ofPages} pages would go, more than the guard allows`);
  return null;
}

/** Notes the verdict on one candidate. A stray is alive and wanted, although the listing did not show it. */
function judge(
  state: SpaceRun,
  id: string,
  presence: Presence,
  place: Place | undefined,
): 'settled' | 'stray' {
  switch (presence.kind) {
    case 'gone':
      state.deletions.push({ id, status: 'deleted', reason: 'gone' });
      return 'settled';
    case 'trashed':
      state.deletions.push({ id, status: 'trashed', reason: 'trashed' });
      return 'settled';
    case 'live':
      if (place?.kind === 'left') state.deletions.push({ id, status: 'deleted', reason: 'out_of_scope' });
      else if (place?.kind === 'unclear') state.unconfirmed.push({ id, reason: place.reason });
      else return 'stray';
      return 'settled';
    case 'unclear':
      state.unconfirmed.push({ id, reason: presence.reason });
      return 'settled';
  }
}

/** Brings strays up to date: they moved during the walk, or are in a state that the deployment does not list. */
async function takeIn(run: Run, state: SpaceRun, strays: readonly KnownPage[]): Promise<void> {
  const known = new Map(strays.map((page) => [page.id, page]));
  const steps = fetchBodies(run, [...known.keys()], known, () => state.tally, run.signal);
  for await (const packed of pack(steps, run.request.batchSize))
    await loadPack(run, packed, null, () => state.tally);
}

/** A guard that trips in one space makes the whole view of the site doubtful: a run that ends as held deletes nothing anywhere. */
export function holdAllForOne(run: Run): void {
  const held = run.spaces.filter((state) => state.held !== null).map((state) => state.space.key);
  const waiting = run.spaces.reduce((pages, state) => pages + state.deletions.length, 0);
  if (held.length === 0 || waiting === 0) return;
  for (const state of run.spaces) state.deletions = [];
  run.notes.push(`${waiting} deletions in other spaces wait until a person has looked at ${held.join(', ')}`);
}

/** Marks the proven pages as deleted, or writes down why they are held. */
export async function applyDeletions(run: Run, state: SpaceRun): Promise<void> {
  const { key, name, status } = state.space;
  for (let from = 0; from < state.deletions.length; from += SLICE)
    await loadPack(run, emptyPack(state.deletions.slice(from, from + SLICE)), null, () => state.tally);
  if (state.listing === 'complete')
    await loadPack(run, emptyPack(), { key, name, status, held: state.held }, () => state.tally);
}
