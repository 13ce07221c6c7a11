import assert from 'node:assert/strict';
import type { Scene } from './check-episode.ts';
import type { Episode } from './episode.ts';

/** No run takes more of a space than the guard allows, and on a quiet site a space is held just where that would be more. */
export function checkGuard({ sequence, truth, model }: Scene, episode: Episode): void {
  const { mode, start, end, before, after, report, stopped, acceptDeletes } = episode;
  const guard = acceptDeletes ? null : (sequence.guard ?? null);
  const isQuiet = [...model.past.keys()].every((id) => truth.moments(id, start, end).length === 0);
  const isHeld = (count: number, of: number) =>
    guard !== null && count > guard.minPages && count / Math.max(of, count) > guard.maxShare;
  for (const { key, held } of report.spaces) {
    const live = [...before.rows.values()].filter(
      ({ spaceKey, deletedReason }) => spaceKey === key && deletedReason === null,
    );
    const taken = live.filter(({ id }) => after.rows.get(id)?.deletedReason !== null).length;
    assert.ok(!isHeld(taken, live.length), `${taken} of ${live.length} pages of space ${key} were taken`);
    if (isRunHeld(episode)) assert.equal(taken, 0, `the run is held and space ${key} lost pages`);
    if (!isQuiet || stopped || mode === 'incremental') continue;
    const gone = live.filter(({ id }) => !truth.isWanted(truth.at(id, end))).length;
    assert.equal(
      held !== undefined,
      isHeld(gone, live.length),
      `space ${key} held for ${gone} of ${live.length}`,
    );
  }
}

/** Tells whether a guard tripped in any space: then nothing is deleted in all of them. */
export function isRunHeld({ report }: Episode): boolean {
  return report.spaces.some(({ held }) => held !== undefined);
}

/** Tells whether the run left a page alone because its space is held. */
export function isHeldBack({ before, report }: Episode, id: string): boolean {
  const spaceKey = before.rows.get(id)?.spaceKey;
  return report.spaces.some(({ key, held }) => key === spaceKey && held !== undefined);
}
