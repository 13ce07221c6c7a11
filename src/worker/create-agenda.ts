import type { RunMode, RunReport } from '../sync/report.ts';
import { countDue } from './count-due.ts';
import { didItsWork, readPastRuns } from './past-runs.ts';
import { dueMoments, isNew, whatIsDue, type Moments, type PastRun } from './what-is-due.ts';
import type { WorkerParts } from './worker.ts';

/** Knows what is due, from the clock, the journal and what this worker did itself. */
export interface Agenda {
  /** The run that is due now, or null. Asks the journal only when a due moment has passed. */
  look(): Promise<RunMode | null>;
  /** Whether it is still due after what others may have done meanwhile. */
  isStillDue(): Promise<boolean>;
  /** Remembers that all was tried, for whatever came of it, that was due up to now. */
  handle(mode: RunMode): void;
  /** Remembers a run that ended. */
  remember(report: RunReport): void;
  /** Makes what was tried in vain due again. */
  forgetHandled(): void;
  /** How many moments passed since `from` while nobody could attend to them. */
  missedSince(from: Date): number;
}

const NEVER: Moments = { incremental: -Infinity, full: -Infinity };

/** An agenda for a worker that starts now. */
export function createAgenda({ plan, syncOnStart, readJournal, clock }: WorkerParts): Agenda {
  const now = (): number => clock.now().getTime();
  let handled = syncOnStart ? NEVER : dueMoments(plan, now());
  /** The latest of each mode. The journal has them too, but by the database's clock, which may differ. */
  const own = new Map<RunMode, PastRun>();

  const decide = async (): Promise<RunMode | null> => {
    const journal = await readPastRuns(readJournal, own.has('full'));
    const at = now();
    return whatIsDue(dueMoments(plan, at), { runs: [...own.values(), ...journal], handled }, at);
  };

  return {
    look: async () => {
      const at = now();
      const due = dueMoments(plan, at);
      if (!isNew('full', due, handled, at) && !isNew('incremental', due, handled, at)) return null;
      const mode = await decide();
      if (mode === null) handled = due;
      return mode;
    },
    isStillDue: async () => (await decide()) !== null,
    handle: (mode) => {
      const due = dueMoments(plan, now());
      handled = mode === 'full' ? due : { ...handled, incremental: due.incremental };
    },
    remember: ({ mode, outcome }) => {
      if (didItsWork(outcome)) own.set(mode, { mode, finishedAt: now() });
    },
    forgetHandled: () => {
      handled = NEVER;
    },
    missedSince: (from) =>
      countDue(plan.incremental, from.getTime(), now()) + countDue(plan.full, from.getTime(), now()),
  };
}
