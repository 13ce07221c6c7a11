import assert from 'node:assert/strict';
import type { ModelPage } from '../model-site/model.ts';
import type { Scene } from './check-episode.ts';
import { isHeldBack, isRunHeld } from './check-guard.ts';
import { samePlace, sameVersion } from './check-rows.ts';
import type { Episode } from './episode.ts';

/** Whatever stood still during the run is in the table exactly as in the site; what moved about is not deleted while it lives. */
export function checkFullRun(scene: Scene, episode: Episode): void {
  const { truth, model } = scene;
  const { start, end, after } = episode;
  for (const id of new Set([...model.past.keys(), ...after.rows.keys()])) {
    const page = truth.at(id, start);
    if (truth.moments(id, start, end).length > 0 || episode.stopped) checkKept(scene, id, episode);
    else if (truth.isWanted(page)) checkEqual(scene, page, episode);
    else checkGone(scene, id, page, episode);
  }
}

/** A page that lives all the while stays, in a state that it had during the run, wherever it went. */
function checkKept({ model, truth }: Scene, id: string, episode: Episode): void {
  const { start, end, before, after, stopped } = episode;
  if (before.rows.get(id)?.deletedReason !== null || !truth.always(id, start, end, truth.isWanted)) return;
  const row = after.rows.get(id);
  assert.ok(row?.deletedReason === null, `page ${id} lives and was deleted`);
  const states = [truth.at(id, start), ...truth.moments(id, start, end).map(({ page }) => page)];
  const isBad = states.some((page) => page?.poison !== null);
  if (stopped || isBad || isHeldBack(episode, id)) return;
  assert.ok(
    states.some((page) => page !== null && sameVersion(row, page) && samePlace(model, row, page)),
    `page ${id} is stored as it was before the run: ${JSON.stringify([row, ...states])}`,
  );
}

function checkEqual(
  { truth, model }: Scene,
  page: ModelPage,
  { mode, start, end, before, after }: Episode,
): void {
  const { id } = page;
  const row = after.rows.get(id);
  if (page.poison !== null) {
    assert.ok(after.failures.has(id), `page ${id} is bad, and not in quarantine`);
    const wasThere = before.rows.get(id)?.deletedReason === null;
    if (wasThere) assert.equal(row?.deletedReason, null, `page ${id} is bad and was deleted`);
    return;
  }
  const isQuiet = [...model.past.keys()].every((one) => truth.moments(one, start, end).length === 0);
  // A list by numbers of rows passes over rows when others go: what was not known before comes with the next run.
  const isShifting = model.habits.deployment === 'datacenter' && !model.habits.scan && !isQuiet;
  if (isShifting && before.rows.get(id)?.deletedReason !== null) return;
  assert.ok(row !== undefined, `page ${id} is not stored`);
  assert.equal(row.deletedReason, null, `page ${id} lives and is deleted`);
  assert.ok(
    sameVersion(row, page) && samePlace(model, row, page),
    `page ${id} differs: ${JSON.stringify([row, page])}`,
  );
  if (mode === 'deep') assert.equal(row.storage, page.storage, `page ${id} has another body`);
  assert.ok(!after.failures.has(id), `page ${id} is good, and still in quarantine`);
}

function checkGone(scene: Scene, id: string, page: ModelPage | null, episode: Episode): void {
  const { before, after } = episode;
  const { model, sequence, truth } = scene;
  const row = after.rows.get(id);
  if (row === undefined) return;
  if (isRunHeld(episode)) return;
  assert.notEqual(row.deletedReason, null, `page ${id} is gone and not deleted`);
  if (before.rows.get(id)?.deletedReason !== null) return;
  const expected =
    page === null
      ? ['gone', 'deleted']
      : page.status === 'trashed'
        ? ['trashed', 'trashed']
        : ['out_of_scope', 'deleted'];
  const space = model.spaces.find(({ key }) => key === before.rows.get(id)?.spaceKey);
  // Nobody asks after single pages of a space that is left out.
  if (space?.status === 'archived' && sequence.archived === 'exclude') return;
  // Content of a kind that is not mirrored is not looked for: it may as well not be there.
  if (page !== null && page.type !== row.type) return;
  assert.deepEqual([row.deletedReason, row.status], expected, `why page ${id} is gone`);
  assert.ok(!truth.isWanted(page));
}
