import assert from 'node:assert/strict';
import type { PageCounts } from '../../../src/sync/report.ts';
import type { Scene } from './check-episode.ts';
import type { Episode } from './episode.ts';

/** The sums of the report hold, per space and in total, and a quiet full run lists each wanted page once. */
export function checkReport(
  { model, truth }: Scene,
  { mode, start, end, after, report, stopped }: Episode,
): void {
  const total = { ...report.counts };
  checkSum(total, 'in total');
  for (const { key, counts, listing, reason } of report.spaces) {
    if (!stopped) assert.equal(listing, 'complete', `space ${key}: ${reason ?? ''}`);
    checkSum(counts, `in space ${key}`);
  }
  for (const name of Object.keys(total) as (keyof PageCounts)[])
    assert.equal(
      report.spaces.reduce((sum, { counts }) => sum + counts[name], 0),
      total[name],
      `${name} of all spaces`,
    );
  if (stopped) return;
  const isHeld = report.spaces.some(({ held }) => held !== undefined);
  assert.equal(report.outcome, isHeld ? 'held' : total.failed === 0 ? 'succeeded' : 'partial');
  const ids = [...model.past.keys()];
  if (mode === 'incremental' || ids.some((id) => truth.moments(id, start, end).length > 0)) return;
  const wanted = ids.map((id) => truth.at(id, end)).filter(truth.isWanted);
  assert.equal(total.listed, wanted.length, 'pages listed');
  const bad = wanted.filter(({ poison }) => poison !== null).map(({ id }) => id);
  assert.deepEqual([...after.failures].sort(), bad.sort(), 'pages in quarantine');
}

function checkSum(counts: PageCounts, where: string): void {
  const { listed, unchanged, created, updated, moved, restored, failed } = counts;
  assert.equal(listed, unchanged + created + updated + moved + restored + failed, `pages listed ${where}`);
}
