import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/**
 * All tables of the first version. Ids and keys compare by their bytes (`collate "C"`): they are no words of a language, and
 * `(length(id), id)` then orders decimal strings as numbers. Titles have no index: a long one would not fit it (54000).
 */
export const firstTables: Migration = {
  name: '0001_first_tables',
  up: async (tx, names) => {
    const statements = [
      sql`create table ${names('confluence_pages')} (
        id text collate "C" primary key,
        title text not null,
        space_key text collate "C" not null,
        content_hash text collate "C" not null,
        last_updated timestamptz not null,
        version integer not null,
        url text not null,
        synced_at timestamptz not null,
        type text collate "C" not null,
        status text collate "C" not null,
        parent_id text collate "C",
        hash_version smallint not null,
        content_changed_at timestamptz not null,
        deleted_at timestamptz,
        deleted_reason text collate "C",
        constraint confluence_pages_type_known check (type in ('page', 'blogpost')),
        constraint confluence_pages_status_known check (status in ('current', 'archived', 'trashed', 'deleted')),
        constraint confluence_pages_reason_known check (deleted_reason in ('trashed', 'gone', 'out_of_scope'))
      )`,
      sql`create index confluence_pages_by_space on ${names('confluence_pages')} (space_key, length(id), id)`,
      sql`create index confluence_pages_by_last_updated on ${names('confluence_pages')} (last_updated)`,
      sql`create table ${names('confluence_page_bodies')} (
        page_id text collate "C" primary key references ${names('confluence_pages')} (id),
        storage text not null
      )`,
      sql`create table ${names('confluence_page_changes')} (
        seq bigint generated always as identity primary key,
        page_id text collate "C" not null,
        space_key text collate "C" not null,
        kind text collate "C" not null,
        content_changed boolean not null,
        previous_hash text collate "C",
        content_hash text collate "C" not null,
        version integer not null,
        run_id text collate "C" not null,
        changed_at timestamptz not null,
        constraint confluence_page_changes_kind_known
          check (kind in ('created', 'updated', 'moved', 'deleted', 'restored'))
      )`,
      sql`comment on table ${names('confluence_page_changes')} is
        'A page''s last row tells what the page is now: space_key, version and content_hash are the page''s own, and it is gone exactly when kind is deleted. content_hash of a deleted row is the hash the page had.'`,
      sql`create table ${names('confluence_sync_failures')} (
        page_id text collate "C" primary key,
        space_key text collate "C" not null,
        title text,
        version integer,
        stage text collate "C" not null,
        code text collate "C" not null,
        message text not null,
        attempts integer not null,
        first_failed_at timestamptz not null,
        last_failed_at timestamptz not null,
        next_retry_at timestamptz not null
      )`,
      sql`create table ${names('confluence_sync_runs')} (
        id text collate "C" primary key default gen_random_uuid()::text,
        mode text collate "C" not null,
        trigger text collate "C" not null,
        outcome text collate "C" not null,
        started_at timestamptz not null default statement_timestamp(),
        finished_at timestamptz,
        report jsonb
      )`,
      sql`create index confluence_sync_runs_by_start on ${names('confluence_sync_runs')} (started_at)`,
      sql`create table ${names('confluence_sync_spaces')} (
        key text collate "C" primary key,
        name text not null,
        status text collate "C" not null,
        watermark timestamptz,
        last_listed_at timestamptz,
        held jsonb
      )`,
      sql`create table ${names('confluence_sync_state')} (
        only_row boolean primary key default true,
        deployment text collate "C",
        base_url text,
        cloud_id text collate "C",
        lease_holder text collate "C",
        lease_expires_at timestamptz,
        lease_token bigint not null default 0,
        constraint confluence_sync_state_only_row check (only_row)
      )`,
      sql`insert into ${names('confluence_sync_state')} (only_row) values (true)`,
    ];
    for (const statement of statements) await statement.execute(tx);
    // A server built without lz4 keeps its own default; pglz is a third as fast on page bodies.
    const { rows } = await sql<{ lz4: boolean }>`select 'lz4' = any (enumvals) as lz4 from pg_settings
      where name = 'default_toast_compression'`.execute(tx);
    if (rows[0]?.lz4 === true) {
      await sql`alter table ${names('confluence_page_bodies')} alter column storage set compression lz4`.execute(
        tx,
      );
    }
  },
  down: async (tx, names) => {
    const tables = [
      'confluence_sync_state',
      'confluence_sync_spaces',
      'confluence_sync_runs',
      'confluence_sync_failures',
      'confluence_page_changes',
      'confluence_page_bodies',
      'confluence_pages',
    ] as const;
    for (const table of tables) await sql`drop table ${names(table)}`.execute(tx);
  },
};
