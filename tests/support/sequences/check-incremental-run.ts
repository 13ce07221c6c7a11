import assert from 'node:assert/strict';
import type { ModelPage } from '../model-site/model.ts';
import type { Scene } from './check-episode.ts';
import { samePlace, sameVersion } from './check-rows.ts';
import type { Episode } from './episode.ts';

/** Every page that had a new version when the run began is stored as it is, or in quarantine; nothing is deleted. */
export function checkIncrementalRun(scene: Scene, episode: Episode, earlier: readonly Episode[]): void {
  const { before, after, start } = episode;
  for (const [id, row] of before.rows)
    if (row.deletedReason === null)
      assert.equal(after.rows.get(id)?.deletedReason, null, `an incremental run deleted page ${id}`);
  for (const id of scene.model.past.keys()) {
    const page = scene.truth.at(id, start);
    if (page === null || episode.stopped) continue;
    if (isDue(scene, page, episode, earlier)) checkStored(scene, page, episode, earlier);
    if (isHealed(scene, page, episode)) checkHealed(scene, page, episode);
  }
}

/** It was in quarantine when the run began, and nothing is wrong with it any more. */
function isHealed({ truth }: Scene, page: ModelPage, { start, end, before }: Episode): boolean {
  const isQuiet = truth.moments(page.id, start, end).length === 0;
  return before.failures.has(page.id) && page.poison === null && truth.isWanted(page) && isQuiet;
}

function checkHealed({ model }: Scene, page: ModelPage, { after }: Episode): void {
  const row = after.rows.get(page.id);
  assert.ok(!after.failures.has(page.id), `page ${page.id} is healed, and still in quarantine`);
  assert.ok(
    row?.deletedReason === null && sameVersion(row, page) && samePlace(model, row, page),
    `page ${page.id} is healed, and not stored as it is: ${JSON.stringify([row, page])}`,
  );
}

/** The version was made in the open: dated when it was made, and shown in each run that could have read past it. */
function isDue(
  scene: Scene,
  { id, updatedAt }: ModelPage,
  episode: Episode,
  earlier: readonly Episode[],
): boolean {
  const { lagMs } = scene.model.habits;
  const made = scene.truth.beginning(id, episode.start);
  if (made !== updatedAt || made > episode.start - lagMs) return false;
  return [...earlier, episode].every((run, index) => {
    const from = Math.max(made, run.start - lagMs);
    if (run.end < made) return true;
    if (!scene.truth.always(id, from, run.end, scene.truth.isShown)) return false;
    // Until one run came through, each goes on with the listing of the one before.
    const isFirst = earlier.slice(0, index).every(({ stopped }) => stopped);
    const since = isFirst ? Math.max(made, (earlier[0] ?? run).start - lagMs) : from;
    const isListing = isFirst || run.mode !== 'incremental';
    return !isListing || wasListed(scene, id, since, run);
  });
}

/**
 * A listing passes over a page that goes from a space still to be listed into one listed before, and a list by numbers of rows over
 * any page, when another one goes: such a page waits for the next listing.
 */
function wasListed({ truth, model }: Scene, id: string, from: number, { start, end }: Episode): boolean {
  const isShifting = model.habits.deployment === 'datacenter' && !model.habits.scan;
  if (isShifting) return [...model.past.keys()].every((one) => truth.moments(one, start, end).length === 0);
  return truth.always(id, from, end, (page) => page?.spaceKey === truth.at(id, from)?.spaceKey);
}

function checkStored(
  { truth, model }: Scene,
  page: ModelPage,
  episode: Episode,
  earlier: readonly Episode[],
): void {
  const { id } = page;
  const { after, start, end } = episode;
  const later = truth.moments(id, start, end);
  const isSame = later.every(
    (moment) =>
      moment.page?.version === page.version &&
      moment.page.updatedAt === page.updatedAt &&
      moment.page.type === page.type,
  );
  if (!isSame) return;
  if (page.poison !== null) {
    if (later.length === 0) assert.ok(after.failures.has(id), `page ${id} is bad, and not in quarantine`);
    return;
  }
  const row = after.rows.get(id);
  assert.ok(row !== undefined, `page ${id} was made and is not stored`);
  assert.ok(
    sameVersion(row, page),
    `page ${id} is not stored as it was saved: ${JSON.stringify([row, page])}`,
  );
  const isNews = earlier.every((run) => run.start - model.habits.lagMs < page.updatedAt);
  if (isNews && later.length === 0)
    assert.ok(
      samePlace(model, row, page),
      `page ${id} is not stored where it is: ${JSON.stringify([row, page])}`,
    );
  assert.ok(!after.failures.has(id), `page ${id} is good, and still in quarantine`);
}
