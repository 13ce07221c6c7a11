import { isUnwantedSpace } from './is-unwanted-space.ts';
import { gatherSpace } from './list-space.ts';
import { holdsRoot, locateRoots, unseenRoots } from './locate-roots.ts';
import type { Space } from './page.ts';
import type { Run, SpaceKind, SpaceRun } from './run.ts';
import { chooseSpaces, createScope } from './scope.ts';
import type { StoredSpace } from './store.ts';
import { createTally } from './tally.ts';

/** Decides which spaces this run meets and how, and notes wanted ones that Confluence does not show. */
export async function planSpaces(run: Run): Promise<void> {
  const { request, parts } = run;
  await locateRoots(run);
  const listing = await parts.source.listSpaces(run.signal);
  const stored = new Map((await parts.reader.spaces()).map((space) => [space.key, space]));
  const chosen = chooseSpaces(listing.spaces, request.scope, request.onlySpaces);
  const { unwanted, unseen } = chosen;
  const wanted = chosen.wanted.filter((space) => holdsRoot(run, space.key));
  for (const space of wanted) run.spaces.push(openSpace(run, 'walked', space, stored.get(space.key)));
  for (const key of unseen)
    doubt(run, `space ${key} is wanted, but it does not exist or these credentials may not see it`);
  if (!listing.complete)
    doubt(run, `the list of spaces is incomplete: ${listing.reason ?? 'Confluence gave no reason'}`);
  const planned = new Set(wanted.map((space) => space.key));
  const left = [...stored.values()].filter((space) => space.livePages > 0 && !planned.has(space.key));
  for (const space of unwanted) run.unwantedSpaces.add(space.key);
  for (const space of left) await addLeftOver(run, space, listing.complete);
  noteUnshown(run, listing.spaces);
  await listNewRoots(run);
  const known = run.spaces.reduce((pages, state) => pages + state.pagesBefore, 0);
  parts.observer.planned(wanted.length, known);
}

/** A root page that may be seen, in a space that is not shown. */
function noteUnshown(run: Run, shown: readonly Space[]): void {
  const { scope, onlySpaces } = run.request;
  const isMeant = (key: string) =>
    createScope(scope)(key) && createScope({ spaces: onlySpaces, excludeSpaces: [] })(key);
  for (const [id, { spaceKey }] of run.roots.seen)
    if (isMeant(spaceKey) && !shown.some((space) => space.key === spaceKey))
      doubt(
        run,
        `root page ${id} is in space ${spaceKey}, which Confluence does not show to these credentials`,
      );
}

/** A root page that is not mirrored yet was set or moved since: what is below it shows in no list of changes. */
async function listNewRoots(run: Run): Promise<void> {
  const { rootPages } = run.request.scope;
  if (rootPages.length === 0) return;
  const rows = await run.parts.reader.known({ ids: rootPages, range: null });
  const mirrored = new Set(rows.filter((row) => !row.deleted).map((row) => `${row.spaceKey} ${row.id}`));
  for (const state of run.spaces)
    for (const [id, { spaceKey, status }] of run.roots.seen)
      if (spaceKey === state.space.key && status === 'current' && !run.quarantined.has(id))
        state.listWhole ||= !mirrored.has(`${spaceKey} ${id}`);
}

function doubt(run: Run, note: string): void {
  run.doubts.any = true;
  run.notes.push(note);
}

/** A space with stored pages that is not walked: no longer wanted, or no longer shown. */
async function addLeftOver(run: Run, before: StoredSpace, isListComplete: boolean): Promise<void> {
  const { onlySpaces, acceptDeletes } = run.request;
  if (!createScope({ spaces: onlySpaces, excludeSpaces: [] })(before.key)) return;
  const space = { id: '', key: before.key, name: before.name, status: before.status };
  const unseen = holdsRoot(run, before.key) ? null : unseenRoots(run);
  const isRootless = !holdsRoot(run, before.key) && unseen === null;
  if (isRootless || isUnwantedSpace(run, before.key)) {
    if (run.mode === 'incremental') return;
    const state = openSpace(run, 'unwanted', space, before);
    run.spaces.push(state);
    await gatherSpace(run, state);
  } else if (isListComplete || unseen !== null) {
    const state = openSpace(run, 'vanished', space, before);
    // Absence is also what a lost permission looks like.
    const why =
      unseen === null
        ? 'Confluence no longer shows this space: it was deleted, or these credentials lost it'
        : `no root page is seen in this space, but its pages may be below ${unseen}, which cannot be seen`;
    state.reason = acceptDeletes
      ? `${why}. Of its ${before.livePages} pages those go that Confluence says are gone`
      : `${why}. Its ${before.livePages} pages are kept; sync --accept-deletes removes those that Confluence says are gone`;
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
    listWhole: false,
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
