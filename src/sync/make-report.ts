import type { SyncError } from './errors.ts';
import type { RunOutcome, RunReport, SpaceReport } from './report.ts';
import type { Run, SpaceRun } from './run.ts';

/** Puts together what the run did so far. */
export function makeReport(run: Run, outcome: RunOutcome, error: SyncError | null): RunReport {
  const [now, before] = [run.parts.source.counts(), run.apiBefore];
  const durationMs = Math.round(run.parts.clock.monotonicMs() - run.startedMs);
  return {
    run_id: run.runId,
    mode: run.mode,
    trigger: run.request.trigger,
    outcome,
    ...(run.request.dryRun && { dry_run: true as const }),
    counts: run.total.counts(),
    api: {
      requests: now.requests - before.requests,
      retries: now.retries - before.retries,
      waited_ms: Math.round(now.waitedMs - before.waitedMs),
      bytes: now.bytes - before.bytes,
    },
    spaces: run.spaces.map(reportSpace),
    notes: run.notes,
    ...(error !== null && { error: { name: error.name, message: error.message } }),
    started_at: run.startedAt.toISOString(),
    finished_at: run.parts.clock.now().toISOString(),
    duration_ms: durationMs,
  };
}

function reportSpace(state: SpaceRun): SpaceReport {
  const { space, listing, reason, held, unconfirmed } = state;
  return {
    key: space.key,
    listing,
    counts: state.tally.counts(),
    ...(reason !== null && { reason }),
    ...(held !== null && {
      held: { reason: held.reason, would_delete: held.wouldDelete, of_pages: held.ofPages, ids: held.ids },
    }),
    ...(unconfirmed.length > 0 && { unconfirmed }),
  };
}
