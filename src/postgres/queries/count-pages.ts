import type { Tx } from '../transactions.ts';
import { pageFilter } from './page-filter.ts';
import type { PageFilter } from './page-filter.ts';

/** How many pages a filter fits. */
export async function countPages(tx: Tx, filter: PageFilter): Promise<number> {
  const { pages } = await tx
    .selectFrom('confluence_pages')
    .select(({ fn }) => fn.countAll<string>().as('pages'))
    .where(pageFilter(filter))
    .executeTakeFirstOrThrow();
  return Number(pages);
}
