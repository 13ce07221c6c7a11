import type { RunRow } from './read-runs.ts';
import { readRuns } from './read-runs.ts';
import type { FailureRow } from './read-failures.ts';
import { readFailures } from './read-failures.ts';
import { forgetFailures, retryFailures } from './release-failures.ts';
import type { SpaceSummary } from './read-space-summaries.ts';
import { readSpaceSummaries } from './read-space-summaries.ts';
import type { Feed } from './read-changes.ts';
import { readChanges } from './read-changes.ts';
import type { TableNames } from '../table-names.ts';
import type { Transactions, Tx } from '../transactions.ts';

/** What the commands and the server ask of the tables. */
export interface Queries {
  /** Latest first. */
  lastRuns(limit: number): Promise<readonly RunRow[]>;
  /** Every space that has a row, pages or failures, by key. */
  spaceSummaries(): Promise<readonly SpaceSummary[]>;
  /** The quarantine by page id, from after the given one. */
  failures(after: string | null, limit: number): Promise<readonly FailureRow[]>;
  /** Ends the pause of pages in quarantine, of all with null. Returns their ids. */
  retryFailures(ids: readonly string[] | null): Promise<readonly string[]>;
  /** Takes pages out of the quarantine. Returns the ids of those that were in it. */
  forgetFailures(ids: readonly string[]): Promise<readonly string[]>;
  /** The feed in commit order, from after the given `seq`, or from its beginning. */
  changes(after: string | null, limit: number): Promise<Feed>;
}

/** Questions that need no lease. */
export function createQueries(
  parts: Readonly<{ transactions: Transactions; schema: string; names: TableNames }>,
): Queries {
  const { transactions, schema, names } = parts;
  const ask = <T>(question: (tx: Tx) => Promise<T>): Promise<T> =>
    transactions.run((tx) => question(tx.withSchema(schema)));
  return {
    lastRuns: (limit) => ask((tx) => readRuns(tx, limit)),
    spaceSummaries: () => transactions.run((tx) => readSpaceSummaries(tx, names)),
    failures: (after, limit) => ask((tx) => readFailures(tx, after, limit)),
    retryFailures: (ids) => ask((tx) => retryFailures(tx, schema, ids)),
    forgetFailures: (ids) => ask((tx) => forgetFailures(tx, schema, ids)),
    changes: (after, limit) => ask((tx) => readChanges(tx, after, limit)),
  };
}
