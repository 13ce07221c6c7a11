import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/**
 * What is kept no longer: how far the feed was cut off, so that a reader behind that can be told, and an index of the pages
 * that are gone, in the order in which pages are shown.
 */
export const retention: Migration = {
  name: '0002_retention',
  up: async (tx, names) => {
    await sql`alter table ${names('confluence_sync_state')} add column changes_removed_to bigint`.execute(tx);
    await sql`comment on column ${names('confluence_sync_state')}.changes_removed_to is
      'The highest seq that was removed from confluence_page_changes: a reader who has not seen it must read the tables anew.'`.execute(
      tx,
    );
    await sql`create index confluence_pages_gone on ${names('confluence_pages')} (space_key, length(id), id)
      where deleted_at is not null`.execute(tx);
  },
  down: async (tx, names) => {
    await sql`drop index ${names('confluence_pages_gone')}`.execute(tx);
    await sql`alter table ${names('confluence_sync_state')} drop column changes_removed_to`.execute(tx);
  },
};
