import { sql } from 'kysely';
import type { Tx } from '../transactions.ts';
import { pageFilter } from './page-filter.ts';
import type { PageFilter } from './page-filter.ts';

/** A space's number of pages and their mean version, to two decimals. */
export type SpaceVersions = Readonly<{ space_key: string; pages: number; mean_version: number }>;

/** Spaces with at least `minPages` pages that fit the filter, by key. */
export async function readSpaceVersions(
  tx: Tx,
  filter: PageFilter,
  minPages: number,
): Promise<readonly SpaceVersions[]> {
  return await tx
    .selectFrom('confluence_pages')
    .select(({ fn }) => [
      'space_key',
      sql<number>`${fn.countAll()}::int`.as('pages'),
      sql<number>`round(${fn.avg('version')}, 2)::float8`.as('mean_version'),
    ])
    .where(pageFilter(filter))
    .groupBy('space_key')
    .having(({ fn }) => fn.countAll(), '>=', minPages)
    .orderBy('space_key')
    .execute();
}
