import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/** What a worker leaves behind when it dies: the pages it was at work on, and how often workers died over each. */
export const crashWatch: Migration = {
  name: '0003_crash_watch',
  up: async (tx, names) => {
    await sql`alter table ${names('confluence_sync_state')}
      add column pages_at_work jsonb not null default '[]', add column crashes jsonb not null default '{}'`.execute(
      tx,
    );
    await sql`comment on column ${names('confluence_sync_state')}.crashes is
      'How many workers in a row died while they were at work on a page: three send it to quarantine.'`.execute(
      tx,
    );
  },
  down: async (tx, names) => {
    await sql`alter table ${names('confluence_sync_state')} drop column pages_at_work, drop column crashes`.execute(
      tx,
    );
  },
};
