import { sql } from 'kysely';
import type { Migration } from './migration.ts';

/**
 * An index of the pages that are archived, trashed or deleted, in the order in which pages are shown. They are few among many:
 * without it a million pages are read to find fifty of them. It costs a current page nothing.
 */
export const unusualStatus: Migration = {
  name: '0004_unusual_status',
  up: async (tx, names) => {
    await sql`create index confluence_pages_by_status on ${names('confluence_pages')} (status, space_key, length(id), id)
      where status <> 'current'`.execute(tx);
  },
  down: async (tx, names) => {
    await sql`drop index ${names('confluence_pages_by_status')}`.execute(tx);
  },
};
