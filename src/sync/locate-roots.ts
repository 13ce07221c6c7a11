import type { LiveStatus } from './page.ts';
import type { Run } from './run.ts';
import { createScope } from './scope.ts';
import type { Presence } from './source.ts';

/** Where the wanted root pages are: the space and status of each one that may be seen, and why the others may not. */
export type RootPages = Readonly<{
  seen: Map<string, Readonly<{ spaceKey: string; status: LiveStatus }>>;
  /** `isSure` where Confluence has a clear word on it: in the trash, or not there. */
  unseen: Map<string, Readonly<{ reason: string; isSure: boolean }>>;
}>;

/** Asks where the wanted root pages are and notes those that cannot be seen: what is below them is then not known. */
export async function locateRoots(run: Run): Promise<void> {
  const { seen, unseen } = await askForRoots(run);
  const inScope = createScope(run.request.scope);
  for (const [id, root] of seen) {
    run.roots.seen.set(id, root);
    if (!inScope(root.spaceKey))
      run.notes.push(`root page ${id} is in space ${root.spaceKey}, which the settings leave out`);
  }
  for (const [id, root] of unseen) {
    run.roots.unseen.set(id, root);
    run.doubts.any = true;
    run.notes.push(`root page ${id} is wanted, but ${root.reason}`);
  }
}

/** Tells whether a space holds a root page that may be seen; every space does where no roots are set. */
export function holdsRoot(run: Run, spaceKey: string): boolean {
  const { rootPages } = run.request.scope;
  return rootPages.length === 0 || [...run.roots.seen.values()].some((root) => root.spaceKey === spaceKey);
}

/** Names the root pages that cannot be seen, as the subject of a sentence; null where all can, or none is set. */
export function unseenRoots(run: Run): string | null {
  return nameRoots([...run.roots.unseen.keys()]);
}

/** As `unseenRoots`, without those given up: below them nothing is known to be outside. */
export function doubtedRoots(run: Run): string | null {
  return nameRoots([...run.roots.unseen.keys()].filter((id) => !isGivenUp(run, id)));
}

/** A person accepts deletions, and Confluence says for certain that the root page is in the trash or not there. */
export function isGivenUp({ request, roots }: Pick<Run, 'request' | 'roots'>, id: string): boolean {
  return request.acceptDeletes && roots.unseen.get(id)?.isSure === true;
}

function nameRoots(ids: readonly string[]): string | null {
  if (ids.length === 0) return null;
  return ids.length === 1 ? `root page ${ids.join('')}` : `root pages ${ids.join(', ')}`;
}

/**
 * Makes sure, before anything is deleted, that the root pages are still where they were: what a whole space loses because no root is
 * in it rests on that alone.
 */
export async function recheckRoots(run: Run): Promise<void> {
  const left = run.spaces.filter((state) => state.kind === 'unwanted' && state.missing.length > 0);
  if (left.length === 0 || run.request.scope.rootPages.length === 0) return;
  const now = await askForRoots(run);
  const stand = [...run.roots.seen].every(([id, root]) => now.seen.get(id)?.spaceKey === root.spaceKey);
  if (stand && now.unseen.size === run.roots.unseen.size) return;
  run.doubts.any = true;
  run.notes.push(
    'a root page moved or went during the run: what no root is left for stays until the next one',
  );
  for (const state of left) {
    state.listing = 'incomplete';
    state.reason = 'a root page moved or went during the run';
  }
}

async function askForRoots(run: Run): Promise<RootPages> {
  const seen: RootPages['seen'] = new Map();
  const unseen: RootPages['unseen'] = new Map();
  const { rootPages } = run.request.scope;
  if (rootPages.length === 0) return { seen, unseen };
  const answers = await run.parts.source.confirm(rootPages, run.signal);
  for (const id of rootPages) {
    const presence = answers.get(id) ?? { kind: 'unclear', reason: 'Confluence gave no answer' };
    if (presence.kind === 'live' && presence.spaceKey !== null)
      seen.set(id, { spaceKey: presence.spaceKey, status: presence.status });
    else unseen.set(id, { reason: whyUnseen(presence), isSure: isSure(presence) });
  }
  return { seen, unseen };
}

function isSure({ kind }: Presence): boolean {
  return kind === 'trashed' || kind === 'gone';
}

function whyUnseen(presence: Presence): string {
  switch (presence.kind) {
    case 'live':
      return 'Confluence does not say which space it is in';
    case 'trashed':
      return 'it is in the trash';
    case 'gone':
      return 'it does not exist, is no page, or these credentials may not see it';
    case 'unclear':
      return `whether it may be seen is not clear: ${presence.reason}`;
  }
}
