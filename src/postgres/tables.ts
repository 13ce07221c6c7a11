import type { ColumnType, Generated } from 'kysely';
import type { PageStatus, ContentType, DeletedReason, FailureStage, LiveStatus } from '../sync/page.ts';
import type { RunMode, RunOutcome, RunReport, RunTrigger } from '../sync/report.ts';
import type { Held } from '../sync/store.ts';

/** The kinds of rows in the change feed. */
export type ChangeKind = 'created' | 'updated' | 'moved' | 'deleted' | 'restored';

/** Rows as kysely sees them; the migrations and `expectedCatalog` describe the same tables. */
export type Tables = {
  confluence_pages: PagesTable;
  confluence_page_bodies: BodiesTable;
  confluence_page_changes: ChangesTable;
  confluence_sync_failures: FailuresTable;
  confluence_sync_runs: RunsTable;
  confluence_sync_spaces: SpacesTable;
  confluence_sync_state: StateTable;
  confluence_sync_migrations: MigrationsTable;
};

type PagesTable = {
  id: string;
  title: string;
  space_key: string;
  content_hash: string;
  last_updated: Date;
  version: number;
  url: string;
  synced_at: Date;
  type: ContentType;
  status: PageStatus;
  parent_id: string | null;
  hash_version: number;
  content_changed_at: Date;
  deleted_at: Date | null;
  deleted_reason: DeletedReason | null;
};

type BodiesTable = { page_id: string; storage: string };

type ChangesTable = {
  /** A decimal string: a bigint does not fit a JavaScript number. */
  seq: Generated<string>;
  page_id: string;
  space_key: string;
  kind: ChangeKind;
  content_changed: boolean;
  previous_hash: string | null;
  content_hash: string;
  version: number;
  run_id: string;
  changed_at: Date;
};

type FailuresTable = {
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
};

type RunsTable = {
  id: Generated<string>;
  mode: RunMode;
  trigger: RunTrigger;
  outcome: RunOutcome;
  started_at: Generated<Date>;
  finished_at: Date | null;
  report: ColumnType<RunReport | null, string | null, string | null>;
};

type SpacesTable = {
  key: string;
  name: string;
  status: LiveStatus;
  watermark: Date | null;
  last_listed_at: Date | null;
  held: ColumnType<Held | null, string | null, string | null>;
};

type StateTable = {
  only_row: boolean;
  deployment: 'cloud' | 'datacenter' | null;
  base_url: string | null;
  cloud_id: string | null;
  lease_holder: string | null;
  lease_expires_at: Date | null;
  lease_token: Generated<string>;
  /** The highest `seq` that was removed from the feed; null while it is whole. */
  changes_removed_to: string | null;
  pages_at_work: ColumnType<readonly string[], string | undefined, string>;
  crashes: ColumnType<Record<string, number>, string | undefined, string>;
};

type MigrationsTable = { name: string; applied_at: Generated<Date> };
