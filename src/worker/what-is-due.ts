import type { RunMode } from '../sync/report.ts';
import { lastDue } from './last-due.ts';
import type { Plan } from './schedule.ts';

/** One instant for each mode, in milliseconds; `-Infinity` is never. */
export type Moments = Readonly<Record<RunMode, number>>;

/** A run of the schedule that did its work. */
export type PastRun = Readonly<{ mode: RunMode; finishedAt: number }>;

/** What was done: the runs, and up to which due moments this worker has done what it could. */
export type Done = Readonly<{ runs: readonly PastRun[]; handled: Moments }>;

/** For each mode the latest moment at which it was due. */
export function dueMoments(plan: Plan, now: number): Moments {
  return {
    incremental: lastDue(plan.incremental, now) ?? -Infinity,
    full: lastDue(plan.full, now) ?? -Infinity,
  };
}

/** Whether a mode was due at a moment that is not handled yet. Moments from the future were handled by a wrong clock. */
export function isNew(mode: RunMode, due: Moments, handled: Moments, now: number): boolean {
  return handled[mode] > now || due[mode] > handled[mode];
}

/**
 * The run that is due now, or null. However many moments were missed, they make one run; a full run also counts as an
 * incremental one; a full run that did not come about stays due and takes the place of the next run of either mode.
 */
export function whatIsDue(due: Moments, { runs, handled }: Done, now: number): RunMode | null {
  const past = runs.filter(({ finishedAt }) => finishedAt <= now);
  const lastRun = latest(past);
  const lastFull = latest(past.filter(({ mode }) => mode === 'full'));
  const open: Readonly<Record<RunMode, boolean>> = {
    incremental: lastRun < due.incremental,
    full: lastFull < due.full,
  };
  const modes: readonly RunMode[] = ['full', 'incremental'];
  if (!modes.some((mode) => open[mode] && isNew(mode, due, handled, now))) return null;
  return open.full ? 'full' : 'incremental';
}

function latest(runs: readonly PastRun[]): number {
  return runs.reduce((last, { finishedAt }) => Math.max(last, finishedAt), -Infinity);
}
