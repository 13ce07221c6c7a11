import type pg from 'pg';
import type { Database } from '../../../src/postgres/open-database.ts';
import type { PageRecord } from '../../../src/sync/page.ts';

/** What a way of storing pages works with. */
export type Bench = Readonly<{
  client: pg.Client;
  database: Database;
  records: readonly PageRecord[];
}>;

/** One way to store the same pages. Preparing is not measured. */
export type Way = Readonly<{
  name: string;
  prepare: (bench: Bench) => Promise<void>;
  run: (bench: Bench) => Promise<void>;
  /** How many of the pages are enough for a rate; all unless told. */
  pages?: number;
}>;

/** The tables as the migrations leave them. */
export async function empty({ client }: Bench): Promise<void> {
  await client.query('truncate confluence_pages, confluence_page_bodies, confluence_page_changes');
}
