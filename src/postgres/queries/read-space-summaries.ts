import { sql } from 'kysely';
import type { LiveStatus } from '../../sync/page.ts';
import type { Held } from '../../sync/store.ts';
import type { TableNames } from '../table-names.ts';
import type { Tx } from '../transactions.ts';

/** What is stored of a space, with its counts. */
export type SpaceSummary = Readonly<{
  key: string;
  name: string;
  status: LiveStatus;
  live: number;
  deleted: number;
  failed: number;
  /** Mean version of its live pages, to two decimals; null without any. */
  mean_version: number | null;
  watermark: Date | null;
  last_listed_at: Date | null;
  held: Held | null;
}>;

/** Every space that has a row, pages or failures, by key. Raw, for kysely has no full join with `using`. */
export async function readSpaceSummaries(tx: Tx, names: TableNames): Promise<readonly SpaceSummary[]> {
  const { rows } = await sql<SpaceSummary>`
    select key, coalesce(name, key) as name, coalesce(status, 'current') as status, coalesce(live, 0)::int as live,
      coalesce(deleted, 0)::int as deleted, coalesce(failed, 0)::int as failed, mean_version, watermark, last_listed_at, held
    from ${names('confluence_sync_spaces')}
    full join (
      select space_key as key, count(*) filter (where deleted_at is null) as live,
        count(*) filter (where deleted_at is not null) as deleted,
        round(avg(version) filter (where deleted_at is null), 2)::float8 as mean_version
      from ${names('confluence_pages')} group by space_key
    ) as counted using (key)
    full join (
      select space_key as key, count(*) as failed from ${names('confluence_sync_failures')} group by space_key
    ) as quarantined using (key)
    order by key`.execute(tx);
  return rows;
}
