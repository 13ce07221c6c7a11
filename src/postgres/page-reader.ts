import { sql } from 'kysely';
import type { KnownPage } from '../sync/page.ts';
import type { Site } from '../sync/source.ts';
import type { FailedId, KnownQuery, PageReader, StaleHash, StoredSpace } from '../sync/store.ts';
import type { StoreParts } from './store-parts.ts';
import type { TableNames } from './table-names.ts';
import type { Tx } from './transactions.ts';

/** Longer than any id. */
const LONGEST = 2_147_483_647;

/** Reads the mirror; writes nothing and needs no lease. */
export function createPageReader({
  transactions,
  names,
}: Pick<StoreParts, 'transactions' | 'names'>): PageReader {
  return {
    known: (query) => transactions.run((tx) => readKnown(tx, names, query)),
    spaces: () => transactions.run((tx) => readSpaces(tx, names)),
    site: () => transactions.run((tx) => readSite(tx, names)),
    failedIds: (options) => transactions.run((tx) => readFailedIds(tx, names, options)),
    staleHashes: (hashVersion, after, limit) =>
      transactions.run((tx) => readStaleHashes(tx, names, hashVersion, after, limit)),
  };
}

/**
 * One query, served by the primary key and the index over `(space_key, length(id), id)`. The upper end stands outside: as a
 * second row comparison inside, PostgreSQL reads the index on to the end of the space.
 */
async function readKnown(
  tx: Tx,
  names: TableNames,
  { ids, range }: KnownQuery,
): Promise<readonly KnownPage[]> {
  const { rows } = await sql<KnownPage>`
    with wanted as (
      select id from unnest(${ids}::text[]) as asked (id)
      union
      select id from (
        select id from ${names('confluence_pages')}
        where space_key = ${range?.spaceKey ?? null}::text and deleted_at is null
          and (length(id), id) > (${range?.after?.length ?? 0}::int, ${range?.after ?? ''}::text)
        order by length(id), id limit ${range?.limit ?? 0}::int
      ) as following
      where (length(id), id) <= (${range?.upTo?.length ?? LONGEST}::int, ${range?.upTo ?? ''}::text)
    )
    select p.id, p.type, p.title, p.space_key as "spaceKey", p.status, p.version, p.last_updated as "lastUpdated",
      p.parent_id as "parentId", p.url, p.hash_version as "hashVersion", p.deleted_at is not null as deleted
    from wanted join ${names('confluence_pages')} p on p.id = wanted.id
    order by length(p.id), p.id`.execute(tx);
  return rows;
}

async function readSpaces(tx: Tx, names: TableNames): Promise<readonly StoredSpace[]> {
  const { rows } = await sql<StoredSpace>`
    select key, coalesce(name, key) as name, coalesce(status, 'current') as status,
      coalesce(live, 0)::int as "livePages", watermark, last_listed_at as "lastListedAt", held
    from ${names('confluence_sync_spaces')}
    full join (
      select space_key as key, count(*) filter (where deleted_at is null) as live
      from ${names('confluence_pages')} group by space_key
    ) as counted using (key)
    order by key`.execute(tx);
  return rows;
}

async function readSite(tx: Tx, names: TableNames): Promise<Site | null> {
  const { rows } = await sql<Site>`
    select deployment, base_url as "baseUrl", cloud_id as "cloudId", null as version
    from ${names('confluence_sync_state')} where base_url is not null`.execute(tx);
  return rows[0] ?? null;
}

async function readFailedIds(
  tx: Tx,
  names: TableNames,
  options: Parameters<PageReader['failedIds']>[0],
): Promise<readonly FailedId[]> {
  const { rows } = await sql<FailedId>`
    select page_id as id, space_key as "spaceKey", version, code, next_retry_at <= statement_timestamp() as due
    from ${names('confluence_sync_failures')}
    where (length(page_id), page_id) > (${options.after?.length ?? 0}::int, ${options.after ?? ''}::text)
    order by length(page_id), page_id limit ${options.limit}::int`.execute(tx);
  return rows;
}

/**
 * In the order of the primary key, not of numbers, so that each call goes on where the last one stopped. The body of a page
 * that is gone may have been dropped: its hash stays the one of the body that it had.
 */
async function readStaleHashes(
  tx: Tx,
  names: TableNames,
  hashVersion: number,
  after: string | null,
  limit: number,
): Promise<readonly StaleHash[]> {
  const { rows } = await sql<StaleHash>`
    select p.id, b.storage from ${names('confluence_pages')} p
    join ${names('confluence_page_bodies')} b on b.page_id = p.id
    where p.hash_version <> ${hashVersion}::int2 and p.id > ${after ?? ''}
      and not (p.deleted_at is not null and b.storage = '')
    order by p.id limit ${limit}::int`.execute(tx);
  return rows;
}
