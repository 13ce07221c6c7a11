import { putWorkAway } from './crashes.ts';
import { createSubtree } from './create-subtree.ts';
import { SyncError } from './errors.ts';
import { isGivenUp, type RootPages } from './locate-roots.ts';
import { makeReport } from './make-report.ts';
import type { RunMode, RunOutcome } from './report.ts';
import type { Run, SyncParts, SyncRequest } from './run.ts';
import type { SyncResult } from './run-sync.ts';
import { createTally } from './tally.ts';

/** Enters the run in the journal. */
export async function openRun(parts: SyncParts, request: SyncRequest, signal: AbortSignal): Promise<Run> {
  const mode = await chooseMode(parts, request);
  const startedMs = parts.clock.monotonicMs();
  const { runId, startedAt, afterCrash } = await parts.journal.begin({ mode, trigger: request.trigger });
  parts.log.info({ runId, mode, trigger: request.trigger }, 'run started');
  const roots: RootPages = { seen: new Map(), unseen: new Map() };
  return {
    parts,
    request,
    runId,
    mode,
    startedAt,
    startedMs,
    signal,
    total: createTally(),
    quarantined: new Map(),
    quarantinedBefore: new Set(),
    parked: new Map(),
    crashes: new Map(),
    condemned: new Map(),
    afterCrash,
    atWork: { any: false },
    entered: { pages: 0 },
    failed: new Set(),
    apiBefore: parts.source.counts(),
    spaces: [],
    roots,
    subtree: createSubtree(parts.source, request.scope.rootPages, (id) => isGivenUp({ request, roots }, id)),
    unwantedSpaces: new Set(),
    notes: [],
    newestBefore: { time: null },
    doubts: { any: false, unplaced: false },
    hold: { quarantine: false, nothingShown: false },
  };
}

/** A mirror in which a space was listed whole once can be kept up to date by its changes. */
async function chooseMode(parts: SyncParts, request: SyncRequest): Promise<RunMode> {
  if (request.mode !== 'auto') return request.mode;
  const spaces = await parts.reader.spaces();
  return spaces.some((space) => space.lastListedAt !== null) ? 'incremental' : 'full';
}

/** Runs `work` and returns our own error if it ends with one. A bug is journaled as a failed run and thrown on. */
export async function attempt(run: Run, work: () => Promise<void>): Promise<SyncError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    const reason: unknown = run.signal.aborted ? run.signal.reason : error;
    if (reason instanceof SyncError) return reason;
    await enter(run, 'failed', null);
    throw error;
  }
}

/** Ends the run in the journal and reports it. */
export async function closeRun(run: Run, error: SyncError | null): Promise<SyncResult> {
  const outcome = outcomeOf(run, error);
  await putWorkAway(run, error === null);
  const report = await enter(run, outcome, error);
  const { runId, parts } = run;
  parts.log.info({ runId, outcome, ...report.counts, ms: report.duration_ms }, 'run finished');
  return { report, error, entered: run.entered.pages };
}

/** A journal that cannot be written must not hide why the run failed; the next run marks this one as interrupted. */
async function enter(
  run: Run,
  outcome: Exclude<RunOutcome, 'running'>,
  error: SyncError | null,
): Promise<SyncResult['report']> {
  const report = makeReport(run, outcome, error);
  try {
    await run.parts.journal.finish(run.runId, outcome, report);
  } catch (failure) {
    if (!(failure instanceof SyncError) || error === null) throw failure;
    run.parts.log.error(
      { runId: run.runId, reason: failure.message },
      'the end of the run could not be journaled',
    );
  }
  return report;
}

function outcomeOf(run: Run, error: SyncError | null): Exclude<RunOutcome, 'running'> {
  if (error !== null) return error.advice === 'stop' || error.name === 'LeaseLost' ? 'interrupted' : 'failed';
  const isHeld = run.hold.quarantine || (run.hold.nothingShown && !run.request.acceptDeletes);
  if (isHeld || run.spaces.some((state) => state.held !== null)) return 'held';
  const isWhole = run.spaces.every((state) => state.listing === 'complete') && !run.doubts.any;
  return isWhole && run.total.counts().failed === 0 ? 'succeeded' : 'partial';
}
