import { isUnwantedSpace } from './is-unwanted-space.ts';
import { doubtedRoots } from './locate-roots.ts';
import type { Standing } from './page.ts';
import type { Run } from './run.ts';
import type { Presence } from './source.ts';

/** Whether a page that is alive still belongs to what the settings want. */
export type Place =
  Readonly<{ kind: 'left' }> | Readonly<{ kind: 'stays' }> | Readonly<{ kind: 'unclear'; reason: string }>;

type Live = Extract<Presence, { kind: 'live' }>;

/** Tells for each live page among the answers whether it left what the settings want, by where Confluence now says it is. */
export async function leftScope(
  run: Run,
  answers: ReadonlyMap<string, Presence>,
): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  const open: Standing[] = [];
  for (const [id, presence] of answers) {
    if (presence.kind !== 'live') continue;
    if (isUnwanted(run, presence)) places.set(id, { kind: 'left' });
    else open.push(standingOf(id, presence));
  }
  const verdicts = await run.subtree.judge(open, run.signal);
  for (const [id, verdict] of verdicts) {
    if (verdict === 'inside') places.set(id, { kind: 'stays' });
    else places.set(id, verdict === 'outside' ? outsidePlace(run) : UNPLACED);
  }
  return places;
}

const UNPLACED: Place = { kind: 'unclear', reason: 'Confluence does not tell what it is below' };

/** Below a root page that cannot be seen nothing is known to be outside. */
function outsidePlace(run: Run): Place {
  const unseen = doubtedRoots(run);
  if (unseen === null) return { kind: 'left' };
  return { kind: 'unclear', reason: `it may be below ${unseen}, which cannot be seen` };
}

function isUnwanted(run: Run, presence: Live): boolean {
  if (presence.status === 'archived' && run.request.scope.archived === 'exclude') return true;
  return presence.spaceKey !== null && isUnwantedSpace(run, presence.spaceKey);
}

function standingOf(id: string, { parentId, ancestorIds }: Live): Standing {
  if (parentId === undefined) return { id, parentId: null, ancestorIds: ancestorIds ?? null };
  return { id, parentId, ...(ancestorIds !== undefined && { ancestorIds }) };
}
