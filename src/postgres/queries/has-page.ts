import type { Tx } from '../transactions.ts';
import { pageFilter } from './page-filter.ts';
import type { PageFilter } from './page-filter.ts';

/** Whether any page fits a filter. */
export async function hasPage(tx: Tx, filter: PageFilter): Promise<boolean> {
  const pages = tx.selectFrom('confluence_pages').select('id').where(pageFilter(filter));
  return (await pages.limit(1).executeTakeFirst()) !== undefined;
}
