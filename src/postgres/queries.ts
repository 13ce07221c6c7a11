import { sql } from 'kysely';
import type { FailureStage, LiveStatus } from '../sync/page.ts';
import type { RunMode, RunOutcome, RunReport, RunTrigger } from '../sync/report.ts';
import type { Held } from '../sync/store.ts';
import { createTableNames } from './table-names.ts';
import type { ChangeKind } from './tables.ts';
import type { Transactions, Tx } from './transactions.ts';

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

/** What is stored of a space, with its counts. */
export type SpaceSummary = Readonly<{
  key: string;
  name: string;
  status: LiveStatus;
  live: number;
  deleted: number;
  failed: number;
  watermark: Date | null;
  last_listed_at: Date | null;
  held: Held | null;
}>;

/** A page in quarantine. */
export type FailureRow = Readonly<{
  page_id: string;
  space_key: string;
  title: string | null;
  version: number | null;
  stage: FailureStage;
  code: string;
  message: string;
  attempts: number;
  first_failed_at: Date;
  last_failed_at: Date;
  next_retry_at: Date;
}>;

/** A row of the feed; `seq` is a decimal string, for it may be larger than a JavaScript number can tell. */
export type ChangeRow = Readonly<{
  seq: string;
  page_id: string;
  space_key: string;
  kind: ChangeKind;
  content_changed: boolean;
  previous_hash: string | null;
  content_hash: string;
  version: number;
  run_id: string;
  changed_at: Date;
}>;

/** What the commands and the server ask of the tables. */
export interface Queries {
  /** Latest first. */
  lastRuns(limit: number): Promise<readonly RunRow[]>;
  /** Every space that has a row, pages or failures, by key. */
  spaceSummaries(): Promise<readonly SpaceSummary[]>;
  /** The quarantine by page id, from after the given one. */
  failures(after: string | null, limit: number): Promise<readonly FailureRow[]>;
  /** The feed in commit order, from after the given `seq`. */
  changes(after: string | null, limit: number): Promise<readonly ChangeRow[]>;
  /** Ends the pause of pages in quarantine, of all with null. Returns how many there are. */
  retryFailures(ids: readonly string[] | null): Promise<number>;
}

/** Questions that need no lease. */
export function createQueries(transactions: Transactions, schema: string): Queries {
  const ask = <T>(question: (tx: Tx) => Promise<T>): Promise<T> =>
    transactions.run((tx) => question(tx.withSchema(schema)));
  return {
    lastRuns: (limit) => ask((tx) => readRuns(tx, limit)),
    spaceSummaries: () => transactions.run((tx) => readSpaceSummaries(tx, schema)),
    failures: (after, limit) => ask((tx) => readFailures(tx, after, limit)),
    changes: (after, limit) => ask((tx) => readChanges(tx, after, limit)),
    retryFailures: (ids) => ask((tx) => retryFailures(tx, ids)),
  };
}

function readRuns(tx: Tx, limit: number): Promise<readonly RunRow[]> {
  const runs = tx.selectFrom('confluence_sync_runs').selectAll();
  return runs.orderBy('started_at', 'desc').orderBy('id').limit(limit).execute();
}

async function readSpaceSummaries(tx: Tx, schema: string): Promise<readonly SpaceSummary[]> {
  const names = createTableNames(schema);
  const { rows } = await sql<SpaceSummary>`
    select key, coalesce(name, key) as name, coalesce(status, 'current') as status, coalesce(live, 0)::int as live,
      coalesce(deleted, 0)::int as deleted, coalesce(failed, 0)::int as failed, watermark, last_listed_at, held
    from ${names('confluence_sync_spaces')}
    full join (
      select space_key as key, count(*) filter (where deleted_at is null) as live,
        count(*) filter (where deleted_at is not null) as deleted
      from ${names('confluence_pages')} group by space_key
    ) as counted using (key)
    full join (
      select space_key as key, count(*) as failed from ${names('confluence_sync_failures')} group by space_key
    ) as quarantined using (key)
    order by key`.execute(tx);
  return rows;
}

function readFailures(tx: Tx, after: string | null, limit: number): Promise<readonly FailureRow[]> {
  return tx
    .selectFrom('confluence_sync_failures')
    .selectAll()
    .where(sql<boolean>`(length(page_id), page_id) > (${after?.length ?? 0}::int, ${after ?? ''}::text)`)
    .orderBy(sql`length(page_id)`)
    .orderBy('page_id')
    .limit(limit)
    .execute();
}

function readChanges(tx: Tx, after: string | null, limit: number): Promise<readonly ChangeRow[]> {
  const changes = tx.selectFrom('confluence_page_changes').selectAll();
  return changes
    .where('seq', '>', after ?? '0')
    .orderBy('seq')
    .limit(limit)
    .execute();
}

async function retryFailures(tx: Tx, ids: readonly string[] | null): Promise<number> {
  const update = tx
    .updateTable('confluence_sync_failures')
    .set({ next_retry_at: sql<Date>`statement_timestamp()` });
  const chosen = ids === null ? update : update.where(sql<boolean>`page_id = any (${ids}::text[])`);
  const { numUpdatedRows } = await chosen.executeTakeFirst();
  return Number(numUpdatedRows);
}
