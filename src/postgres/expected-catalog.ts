import type { Tables } from './tables.ts';

/**
 * A column as the catalogue shows it: its type, and whether it may be null. `fills` where an insert leaves it to the server;
 * `collation` where its order counts.
 */
type ExpectedColumn = Readonly<{ type: string; nullable: boolean; fills?: true; collation?: 'C' }>;

/** Columns and expressions of an index, as the server writes them; `where` is its condition. */
export type ExpectedIndex = Readonly<{ on: readonly string[]; where?: string }>;

/** What the program needs of a table: its columns, what is unique, what has to be found fast, and what it does with it. */
export type ExpectedTable = Readonly<{
  columns: Readonly<Record<string, ExpectedColumn>>;
  key: string;
  indexes?: readonly ExpectedIndex[];
  privileges: readonly ('SELECT' | 'INSERT' | 'UPDATE' | 'DELETE')[];
}>;

const text = { type: 'text', nullable: false };
/** Compared by its bytes, as this program compares. */
const bytes = { ...text, collation: 'C' } as const;
const integer = { type: 'integer', nullable: false };
const bigint = { type: 'bigint', nullable: false };
const boolean = { type: 'boolean', nullable: false };
const time = { type: 'timestamp with time zone', nullable: false };

/** The tables as this program reads and writes them; what the migrations make must agree. */
export const expectedCatalog: Readonly<Record<keyof Tables, ExpectedTable>> = {
  confluence_pages: {
    columns: {
      id: bytes,
      title: text,
      space_key: bytes,
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
    key: 'id',
    indexes: [
      { on: ['space_key', 'length(id)', 'id'] },
      { on: ['last_updated'] },
      { on: ['space_key', 'length(id)', 'id'], where: 'deleted_at IS NOT NULL' },
      { on: ['status', 'space_key', 'length(id)', 'id'], where: "status <> 'current'::text" },
    ],
    privileges: ['SELECT', 'INSERT', 'UPDATE'],
  },
  confluence_page_bodies: {
    columns: { page_id: text, storage: text },
    key: 'page_id',
    privileges: ['SELECT', 'INSERT', 'UPDATE'],
  },
  confluence_page_changes: {
    columns: {
      seq: { ...bigint, fills: true },
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
    key: 'seq',
    privileges: ['SELECT', 'INSERT'],
  },
  confluence_sync_failures: {
    columns: {
      page_id: bytes,
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
    key: 'page_id',
    privileges: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  },
  confluence_sync_runs: {
    columns: {
      id: { ...text, fills: true },
      mode: text,
      trigger: text,
      outcome: text,
      started_at: { ...time, fills: true },
      finished_at: orNull(time),
      report: { type: 'jsonb', nullable: true },
    },
    key: 'id',
    indexes: [{ on: ['started_at'] }],
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
    key: 'key',
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
    key: 'only_row',
    privileges: ['SELECT', 'UPDATE'],
  },
  confluence_sync_migrations: {
    columns: { name: text, applied_at: { ...time, fills: true } },
    key: 'name',
    privileges: ['SELECT'],
  },
};

function orNull(column: ExpectedColumn): ExpectedColumn {
  return { ...column, nullable: true };
}

/** Constraints of our own that check rows: they take every row that this program writes. */
export const ownChecks: readonly string[] = [
  'confluence_pages_type_known',
  'confluence_pages_status_known',
  'confluence_pages_reason_known',
  'confluence_page_changes_kind_known',
  'confluence_sync_state_only_row',
];
