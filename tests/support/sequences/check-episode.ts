import assert from 'node:assert/strict';
import type { Model } from '../model-site/model.ts';
import { checkFeed } from './check-feed.ts';
import { checkFullRun } from './check-full-run.ts';
import { checkGuard } from './check-guard.ts';
import { checkIncrementalRun } from './check-incremental-run.ts';
import { checkReport } from './check-report.ts';
import { checkRows } from './check-rows.ts';
import type { Episode } from './episode.ts';
import type { Sequence } from './sequence.ts';
import type { Truth } from './truth.ts';

/** Where an episode took place. */
export type Scene = Readonly<{ model: Model; truth: Truth; sequence: Sequence }>;

/** Holds a run, and what it left, to every promise; `earlier` are the runs before it, oldest first. */
export function checkEpisode(scene: Scene, episode: Episode, earlier: readonly Episode[]): void {
  checkRows(scene, episode);
  checkFeed(episode);
  checkReport(scene, episode);
  checkGuard(scene, episode);
  if (episode.mode === 'incremental') checkIncrementalRun(scene, episode, earlier);
  else checkFullRun(scene, episode);
  const last = earlier.at(-1);
  const unchanged = [...scene.model.past.keys()].every(
    (id) => scene.truth.moments(id, last?.start ?? 0, episode.end).length === 0,
  );
  if (unchanged && last !== undefined && isWhole(last) && episode.mode !== 'deep') checkIdle(episode);
}

function isWhole({ mode, stopped, report }: Episode): boolean {
  return mode !== 'incremental' && !stopped && report.outcome !== 'held';
}

/** A run over what an earlier full run has seen writes nothing to pages, bodies or changes. */
function checkIdle({ before, after }: Episode): void {
  assert.deepEqual(after.rows, before.rows, 'a run over an unchanged site wrote rows');
  assert.equal(after.changes.length, before.changes.length, 'a run over an unchanged site wrote changes');
}
