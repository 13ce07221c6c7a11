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
    if (page !== null && isDue(scene, page, episode, earlier)) checkStored(scene, page, episode, earlier);
  }
}

/**
 * The version was made in the open: dated when it was made, shown since, and shown in each run that could have read past it. A page
 * that goes from a space that is still to be listed into one that is listed already waits for the next listing.
 */
function isDue(
  { truth, model }: Scene,
  { id, updatedAt }: ModelPage,
  episode: Episode,
  earlier: readonly Episode[],
): boolean {
  const { lagMs } = model.habits;
  const made = truth.beginning(id, episode.start);
  if (made !== updatedAt || made > episode.start - lagMs) return false;
  return [...earlier, episode].every((run, index) => {
    const from = Math.max(made, run.start - lagMs);
    if (run.end < made) return true;
    const stays = (page: ModelPage | null) => page?.spaceKey === truth.at(id, from)?.spaceKey;
    const isListing = index === 0 || run.mode !== 'incremental';
    return (
      truth.always(id, from, run.end, truth.isShown) && (!isListing || truth.always(id, from, run.end, stays))
    );
  });
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
    (moment) => moment.page?.version === page.version && moment.page.updatedAt === page.updatedAt,
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
