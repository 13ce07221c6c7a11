import { sql } from 'kysely';
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { PageStatus } from '../../sync/page.ts';
import type { Tables } from '../tables.ts';
import { timestampText } from '../timestamp-text.ts';

/** Which pages are meant; what is not given does not count. */
export type PageFilter = Readonly<{
  ids?: readonly string[];
  spaces?: readonly string[];
  /** `*` stands for any text, `?` for one character; upper and lower case are alike. */
  title?: string;
  /** The first moment of `last_updated` that counts. */
  updatedSince?: Date;
  /** The first moment of `last_updated` that counts no longer. */
  updatedBefore?: Date;
  versionAbove?: number;
  /** True: only pages without a parent; false: only those with one. */
  withoutParent?: boolean;
  status?: PageStatus;
  /** True: only pages that are gone; false: only those that are not. */
  deleted?: boolean;
}>;

/** The condition that a filter is, for `where`. */
export function pageFilter(filter: PageFilter) {
  return (page: ExpressionBuilder<Tables, 'confluence_pages'>): Expression<SqlBool> =>
    page.and(conditions(page, filter));
}

function conditions(
  page: ExpressionBuilder<Tables, 'confluence_pages'>,
  filter: PageFilter,
): Expression<SqlBool>[] {
  const { ids, spaces, title, updatedSince, updatedBefore, versionAbove, withoutParent, status } = filter;
  const found: Expression<SqlBool>[] = [];
  // Arrays as one parameter each: more than 65,535 parameters wrap around silently.
  if (ids !== undefined) found.push(sql`id = any (${ids}::text[])`);
  if (spaces !== undefined) found.push(sql`space_key = any (${spaces}::text[])`);
  if (title !== undefined) found.push(page('title', 'ilike', likePattern(title)));
  if (updatedSince !== undefined)
    found.push(sql`last_updated >= ${timestampText(updatedSince)}::timestamptz`);
  if (updatedBefore !== undefined)
    found.push(sql`last_updated < ${timestampText(updatedBefore)}::timestamptz`);
  if (versionAbove !== undefined) found.push(page('version', '>', versionAbove));
  if (withoutParent !== undefined) found.push(page('parent_id', withoutParent ? 'is' : 'is not', null));
  if (status !== undefined) found.push(page('status', '=', status));
  if (filter.deleted !== undefined) found.push(page('deleted_at', filter.deleted ? 'is not' : 'is', null));
  return found;
}

/** What LIKE gives a meaning to is escaped first. */
function likePattern(title: string): string {
  return title
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_');
}
