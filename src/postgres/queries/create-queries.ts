import type { TableNames } from '../table-names.ts';
import type { Transactions, Tx } from '../transactions.ts';
import { countPages } from './count-pages.ts';
import { findPages } from './find-pages.ts';
import type { PageRow, PageWalk } from './find-pages.ts';
import { hasPage } from './has-page.ts';
import type { PageFilter } from './page-filter.ts';
import { readChanges } from './read-changes.ts';
import type { Feed } from './read-changes.ts';
import { readFailures } from './read-failures.ts';
import type { FailureRow } from './read-failures.ts';
import { readRuns } from './read-runs.ts';
import type { RunRow } from './read-runs.ts';
import { readSpaceKeys } from './read-space-keys.ts';
import { readSpaceSummaries } from './read-space-summaries.ts';
import type { SpaceSummary } from './read-space-summaries.ts';
import { readSpaceVersions } from './read-space-versions.ts';
import type { SpaceVersions } from './read-space-versions.ts';
import { forgetFailures, retryFailures } from './release-failures.ts';

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
  /** The next pages of a walk, `limit` at most. */
  pages(filter: PageFilter, walk: PageWalk, limit: number): Promise<readonly PageRow[]>;
  countPages(filter: PageFilter): Promise<number>;
  /** Whether any page fits. */
  hasPage(filter: PageFilter): Promise<boolean>;
  /** The spaces that have pages, gone ones too, by key. */
  spaceKeys(): Promise<readonly string[]>;
  /** Number of pages and mean version of each space that has at least `minPages` of the kind. */
  spaceVersions(filter: PageFilter, minPages: number): Promise<readonly SpaceVersions[]>;
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
    pages: (filter, walk, limit) => ask((tx) => findPages(tx, filter, walk, limit)),
    countPages: (filter) => ask((tx) => countPages(tx, filter)),
    hasPage: (filter) => ask((tx) => hasPage(tx, filter)),
    spaceKeys: () => transactions.run((tx) => readSpaceKeys(tx, names)),
    spaceVersions: (filter, minPages) => ask((tx) => readSpaceVersions(tx, filter, minPages)),
  };
}
