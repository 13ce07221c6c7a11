import type { RunReport } from '../../../src/sync/report.ts';
import type { ObservedChange, ObservedRow } from './observed-mirror.ts';
import type { SequenceMode } from './sequence.ts';

/** What a mirror shows at a moment. */
export type Look = Readonly<{
  rows: ReadonlyMap<string, ObservedRow>;
  changes: readonly ObservedChange[];
  failures: ReadonlySet<string>;
}>;

/** A run of a sequence: on the site's clock it saw what was there at `start`, and what changed up to `end`. */
export type Episode = Readonly<{
  mode: SequenceMode;
  start: number;
  end: number;
  before: Look;
  after: Look;
  report: RunReport;
  /** The run was stopped before its end. */
  stopped: boolean;
  /** A person accepted what the guard would hold. */
  acceptDeletes: boolean;
}>;
