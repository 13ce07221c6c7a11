import type pg from 'pg';
import type { PageRecord } from '../../../src/sync/page.ts';
import type { Bench } from './bench.ts';
import { PAGE_COLUMNS, pageValues } from './page-values.ts';

type Write = (client: pg.Client, record: PageRecord) => Promise<void>;

const PLACES = '$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13';

/** Stores one page after the other in this way. */
export function pageByPage(write: Write): (bench: Bench) => Promise<void> {
  return async ({ client, records }) => {
    for (const record of records) await write(client, record);
  };
}

/** The textbook's first half. */
export async function selectPage(client: pg.Client, { head }: PageRecord): Promise<void> {
  await client.query('select * from confluence_pages where id = $1', [head.id]);
}

/** The textbook for a new page: neither body nor feed. */
export async function insertPage(client: pg.Client, record: PageRecord): Promise<void> {
  await selectPage(client, record);
  await client.query(`insert into confluence_pages (${PAGE_COLUMNS}) values (${PLACES})`, pageValues(record));
}

/** The textbook for a page that changed. */
export async function updatePage(client: pg.Client, record: PageRecord): Promise<void> {
  await selectPage(client, record);
  await client.query(
    `update confluence_pages set (${PAGE_COLUMNS}) = (${PLACES}) where id = $1`,
    pageValues(record),
  );
}

/** One statement a page, new or not. */
export async function upsertPage(client: pg.Client, record: PageRecord): Promise<void> {
  const set = PAGE_COLUMNS.split(/,\s*/).map((column) => `${column} = excluded.${column}`);
  await client.query(
    `insert into confluence_pages (${PAGE_COLUMNS}) values (${PLACES}) on conflict (id) do update set ${set.join()}`,
    pageValues(record),
  );
}

/** The textbook with what the loader stores, too: page, body and feed in a transaction. */
export async function insertAll(client: pg.Client, record: PageRecord): Promise<void> {
  await client.query('begin');
  await insertPage(client, record);
  await client.query('insert into confluence_page_bodies values ($1, $2)', [record.head.id, record.storage]);
  await client.query(
    `insert into confluence_page_changes (page_id, space_key, kind, content_changed, content_hash, version, run_id,
      changed_at) values ($1, $2, 'created', true, $3, 1, 'bench', now())`,
    [record.head.id, record.head.spaceKey, record.contentHash],
  );
  await client.query('commit');
}
