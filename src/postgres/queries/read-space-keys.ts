import { sql } from 'kysely';
import type { TableNames } from '../table-names.ts';
import type { Tx } from '../transactions.ts';

/**
 * The spaces that have pages, by key. Each is one step along the index: PostgreSQL itself reads every page for a `distinct`, and
 * kysely has no recursive query without names of its own.
 */
export async function readSpaceKeys(tx: Tx, names: TableNames): Promise<readonly string[]> {
  const { rows } = await sql<{ key: string }>`
    with recursive spaces as (
      (select space_key as key from ${names('confluence_pages')} order by space_key limit 1)
      union all
      select next.key from spaces cross join lateral (
        select space_key as key from ${names('confluence_pages')} where space_key > spaces.key order by space_key limit 1
      ) as next
    )
    select key from spaces order by key`.execute(tx);
  return rows.map(({ key }) => key);
}
