import type { Tables } from './tables.ts';

/** A column as the catalogue shows it: its type, and whether it may be null. */
type ExpectedColumn = Readonly<{ type: string; nullable: boolean }>;

/** What the program needs of a table: its columns, and what it does with it. */
export type ExpectedTable = Readonly<{
  columns: Readonly<Record<string, ExpectedColumn>>;
  privileges: readonly ('SELECT' | 'INSERT' | 'UPDATE' | 'DELETE')[];
}>;

const text = { type: 'text', nullable: false };
const integer = { type: 'integer', nullable: false };
const bigint = { type: 'bigint', nullable: false };
const boolean = { type: 'boolean', nullable: false };
const time = { type: 'timestamp with time zone', nullable: false };

/** The tables as this program reads and writes them; what the migrations make must agree. */
export const expectedCatalog: Readonly<Record<keyof Tables, ExpectedTable>> = {
  confluence_pages: {
    columns: {
      id: text,
      title: text,
      space_key: text,
      content_hash: text,
      last_updated: time,
      version: integer,
      url: text,
      synced_at: time,
      type: text,
      status: text,
      parent_id: orNull(text),
      hash_version: { type: 'smallint', nullable: false },
      content_changed_at: time,
      deleted_at: orNull(time),
      deleted_reason: orNull(text),
    },
    privileges: ['SELECT', 'INSERT', 'UPDATE'],
  },
  confluence_page_bodies: {
    columns: { page_id: text, storage: text },
    privileges: ['SELECT', 'INSERT', 'UPDATE'],
  },
  confluence_page_changes: {
    columns: {
      seq: bigint,
      page_id: text,
      space_key: text,
      kind: text,
      content_changed: boolean,
      previous_hash: orNull(text),
      content_hash: text,
      version: integer,
      run_id: text,
      changed_at: time,
    },
    privileges: ['SELECT', 'INSERT'],
  },
  confluence_sync_failures: {
    columns: {
      page_id: text,
      space_key: text,
      title: orNull(text),
      version: orNull(integer),
      stage: text,
      code: text,
      message: text,
      attempts: integer,
      first_failed_at: time,
      last_failed_at: time,
      next_retry_at: time,
    },
    privileges: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  },
  confluence_sync_runs: {
    columns: {
      id: text,
      mode: text,
      trigger: text,
      outcome: text,
      started_at: time,
      finished_at: orNull(time),
      report: { type: 'jsonb', nullable: true },
    },
    privileges: ['SELECT', 'INSERT', 'UPDATE'],
  },
  confluence_sync_spaces: {
    columns: {
      key: text,
      name: text,
      status: text,
      watermark: orNull(time),
      last_listed_at: orNull(time),
      held: { type: 'jsonb', nullable: true },
    },
    privileges: ['SELECT', 'INSERT', 'UPDATE'],
  },
  confluence_sync_state: {
    columns: {
      only_row: boolean,
      deployment: orNull(text),
      base_url: orNull(text),
      cloud_id: orNull(text),
      lease_holder: orNull(text),
      lease_expires_at: orNull(time),
      lease_token: bigint,
      changes_removed_to: orNull(bigint),
      pages_at_work: { type: 'jsonb', nullable: false },
      crashes: { type: 'jsonb', nullable: false },
    },
    privileges: ['SELECT', 'UPDATE'],
  },
  confluence_sync_migrations: {
    columns: { name: text, applied_at: time },
    privileges: ['SELECT'],
  },
};

function orNull(column: ExpectedColumn): ExpectedColumn {
  return { ...column, nullable: true };
}
