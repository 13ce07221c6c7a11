import { isNativeError } from 'node:util/types';
import { sql } from 'kysely';
import { WrongConfiguration } from '../sync/errors.ts';
import type { PageChange } from './decide.ts';
import { expectedCatalog, ownChecks } from './expected-catalog.ts';
import { faultOf } from './fault-of.ts';
import { createTableNames } from './table-names.ts';
import type { TableNames } from './table-names.ts';
import type { Tx } from './transactions.ts';
import { writeChanges } from './write-changes.ts';

/** Longer than any id of Confluence. */
const ID = '9'.repeat(30);
const RUN = 'confluence-sync check';
const OWN_REFERENCE = 'confluence_page_bodies_page_id_fkey';
/** These mean that an ordinary page is no page for somebody's trigger or constraint; other errors are the world's. */
const REFUSALS: readonly string[] = ['page', 'configuration', 'unknown'];

/**
 * Where a trigger or a check stands on the tables that is not ours: whether it lets an ordinary page pass, unchanged. Such a
 * page is written as the loader writes it, and taken back; without any such thing nothing is written.
 */
export async function findRefusals(tx: Tx, schema: string): Promise<readonly string[]> {
  const foreign = await readForeign(tx, schema);
  if (foreign.length === 0) return [];
  const why = await tryPage(tx, createTableNames(schema));
  return why === null ? [] : [`an ordinary page cannot be stored (${why}); not ours: ${foreign.join(', ')}`];
}

async function readForeign(tx: Tx, schema: string): Promise<readonly string[]> {
  const { rows } = await sql<{ what: string }>`
    with tables as (
      select c.oid, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${schema} and c.relname = any (${Object.keys(expectedCatalog)}::text[])
    )
    select 'trigger ' || t.tgname || ' on ' || relname as what from pg_trigger t join tables on tables.oid = t.tgrelid
    where not t.tgisinternal and t.tgenabled in ('O', 'A')
    union all
    select 'constraint ' || x.conname || ' on ' || relname from pg_constraint x join tables on tables.oid = x.conrelid
    where x.contype = 'c' and x.conname <> all (${ownChecks}::text[])
    order by 1`.execute(tx);
  return rows.map(({ what }) => what);
}

/** Why an ordinary page is not taken as it is, or null. */
async function tryPage(tx: Tx, names: TableNames): Promise<string | null> {
  await sql`savepoint trial`.execute(tx);
  let why: string | null = null;
  try {
    for (const change of [CREATED, UPDATED, DELETED]) {
      await writeChanges(tx, names, RUN, [change]);
      // A constraint trigger may wait for the end.
      await sql`set constraints all immediate`.execute(tx);
      if (!(await isStored(tx, names, change)))
        why ??= `it comes out as another one when it is ${change.kind}`;
    }
  } catch (error) {
    why = refusalIn(error);
  }
  await sql`rollback to savepoint trial; release savepoint trial`.execute(tx);
  return why;
}

function refusalIn(error: unknown): string | null {
  if (error instanceof WrongConfiguration) return 'it does not reach its table';
  const { kind, code, message } = faultOf(error);
  if (code === '' || !REFUSALS.includes(kind)) throw error;
  if (code !== '23503') return `${code}: ${message}`;
  // A reference to a table of somebody else's may well hold for real pages; of our own, it misses the page just written.
  const isOwn = isNativeError(error) && 'constraint' in error && error.constraint === OWN_REFERENCE;
  return isOwn ? 'it does not reach its table' : null;
}

async function isStored(tx: Tx, names: TableNames, change: PageChange): Promise<boolean> {
  const { fields, contentHash, status, storage } = change;
  const { rows } = await sql`
    select 1 from ${names('confluence_pages')} join ${names('confluence_page_bodies')} on page_id = id
    where id = ${ID} and (title, space_key, version, url, type, content_hash, status)
        = (${fields.title}, ${fields.spaceKey}, ${fields.version}::int4, ${fields.url}, ${fields.type}, ${contentHash}, ${status})
      and last_updated = ${fields.lastUpdated.toISOString()}::timestamptz
      and (${storage}::text is null or storage = ${storage}::text)`.execute(tx);
  return rows.length === 1;
}

const CREATED: PageChange = {
  input: { kind: 'deletion', id: ID, deletion: { id: ID, status: 'deleted', reason: 'gone' } },
  fields: {
    title: 'A page that is not there',
    spaceKey: 'CHECK',
    lastUpdated: new Date(Date.UTC(2020, 0, 1)),
    version: 1,
    url: `https://example.com/pages/${ID}`,
    type: 'page',
    parentId: null,
  },
  contentHash: 'c'.repeat(64),
  hashVersion: 1,
  storage: '<p>It is written to see whether the tables take it, and taken back.</p>',
  status: 'current',
  deletedReason: null,
  kind: 'created',
  contentChanged: true,
  previousHash: null,
};

const UPDATED: PageChange = {
  ...CREATED,
  fields: { ...CREATED.fields, title: 'A page that was never there', version: 2 },
  contentHash: 'd'.repeat(64),
  storage: '<p>It is changed, too.</p>',
  kind: 'updated',
  previousHash: CREATED.contentHash,
};

const DELETED: PageChange = {
  ...UPDATED,
  storage: null,
  status: 'deleted',
  deletedReason: 'gone',
  kind: 'deleted',
  contentChanged: false,
  previousHash: UPDATED.contentHash,
};
