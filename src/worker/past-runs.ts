import type { RunMode, RunOutcome, RunTrigger } from '../sync/report.ts';
import type { PastRun } from './what-is-due.ts';

/** A row of the journal, as far as the schedule needs it. */
export type JournalRow = Readonly<{
  mode: RunMode;
  trigger: RunTrigger;
  outcome: RunOutcome;
  started_at: Date;
  finished_at: Date | null;
}>;

/** The rows of the journal, latest first. */
export type ReadJournal = (limit: number) => Promise<readonly JournalRow[]>;

/** First a short look; further back only for the sake of a full run, which may be weeks ago. */
const WINDOWS = [20, 200, 1000];

/** The runs of the schedule that did their work. Looks back until a full one is among them, unless one is known. */
export async function readPastRuns(read: ReadJournal, knowsFull: boolean): Promise<readonly PastRun[]> {
  let runs: readonly PastRun[] = [];
  for (const limit of WINDOWS) {
    const rows = await read(limit);
    runs = pastRuns(rows);
    if (knowsFull || rows.length < limit || runs.some(({ mode }) => mode === 'full')) break;
  }
  return runs;
}

/** Runs by hand do not count: they may have been limited to a space. */
export function pastRuns(rows: readonly JournalRow[]): readonly PastRun[] {
  return rows.flatMap(({ mode, trigger, outcome, finished_at: finishedAt }) =>
    trigger === 'schedule' && didItsWork(outcome) && finishedAt !== null
      ? [{ mode, finishedAt: finishedAt.getTime() }]
      : [],
  );
}

/** Whether a run with this outcome saw all there was to see; what is held waits for a person, not for another run. */
export function didItsWork(outcome: RunOutcome): boolean {
  return outcome === 'succeeded' || outcome === 'partial' || outcome === 'held';
}
