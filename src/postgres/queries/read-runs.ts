import type { RunMode, RunOutcome, RunReport, RunTrigger } from '../../sync/report.ts';
import type { Tx } from '../transactions.ts';

/** A run in the journal; `report` is null while it runs and where it was interrupted. */
export type RunRow = Readonly<{
  id: string;
  mode: RunMode;
  trigger: RunTrigger;
  outcome: RunOutcome;
  started_at: Date;
  finished_at: Date | null;
  report: RunReport | null;
}>;

/** The latest runs first. */
export function readRuns(tx: Tx, limit: number): Promise<readonly RunRow[]> {
  const runs = tx.selectFrom('confluence_sync_runs').selectAll();
  return runs.orderBy('started_at', 'desc').orderBy('id').limit(limit).execute();
}
