import { sql } from 'kysely';
import type { Selectable, SelectQueryBuilder } from 'kysely';
import type { Tables } from '../tables.ts';
import { timestampText } from '../timestamp-text.ts';
import type { Tx } from '../transactions.ts';
import { pageFilter } from './page-filter.ts';
import type { PageFilter } from './page-filter.ts';
import { planWalk } from './plan-walk.ts';

/** A page's row. */
export type PageRow = Readonly<Selectable<Tables['confluence_pages']>>;

/** A place in the order of space and id, ids ordered as numbers: from after this page. */
export type PlaceCursor = Readonly<{ spaceKey: string; id: string }>;

/** A place in the order of the last update, the oldest first: from after this page. */
export type TimeCursor = Readonly<{ lastUpdated: Date; id: string }>;

/**
 * An order and a place in it; null is its beginning. In the order of the last update a page that is edited meanwhile comes again
 * at the end, and none is missed.
 */
export type PageWalk =
  | Readonly<{ order: 'place'; after: PlaceCursor | null }>
  | Readonly<{ order: 'updated'; after: TimeCursor | null }>;

type Pages = SelectQueryBuilder<Tables, 'confluence_pages', PageRow>;

/** The next pages of a walk, `limit` at most. Reads along an index and stops at the limit. */
export async function findPages(
  tx: Tx,
  filter: PageFilter,
  walk: PageWalk,
  limit: number,
): Promise<readonly PageRow[]> {
  await planWalk(tx, filter);
  const pages: Pages = tx.selectFrom('confluence_pages').selectAll();
  if (walk.order === 'updated')
    return await byTime(pages.where(pageFilter(filter)), walk.after)
      .limit(limit)
      .execute();
  const { spaces, ...others } = filter;
  if (spaces === undefined || filter.ids !== undefined)
    return await byPlace(pages.where(pageFilter(filter)), walk.after)
      .limit(limit)
      .execute();
  return await spaceBySpace(pages.where(pageFilter(others)), spaces, walk.after, limit);
}

function byTime(pages: Pages, after: TimeCursor | null): Pages {
  const ordered = pages
    .orderBy('last_updated')
    .orderBy(sql`length(id)`)
    .orderBy('id');
  if (after === null) return ordered;
  const { lastUpdated, id } = after;
  return ordered.where(
    sql<boolean>`(last_updated, length(id), id) > (${timestampText(lastUpdated)}::timestamptz, ${id.length}::int, ${id}::text)`,
  );
}

function byPlace(pages: Pages, after: PlaceCursor | null): Pages {
  const ordered = pages
    .orderBy('space_key')
    .orderBy(sql`length(id)`)
    .orderBy('id');
  if (after === null) return ordered;
  const { spaceKey, id } = after;
  return ordered.where(
    sql<boolean>`(space_key, length(id), id) > (${spaceKey}::text, ${id.length}::int, ${id}::text)`,
  );
}

/** One space after the other: PostgreSQL before 17 sorts all the spaces' pages instead. */
async function spaceBySpace(
  pages: Pages,
  spaces: readonly string[],
  after: PlaceCursor | null,
  limit: number,
): Promise<readonly PageRow[]> {
  const found: PageRow[] = [];
  for (const space of [...new Set(spaces)].sort(byBytes)) {
    if (after !== null && byBytes(space, after.spaceKey) < 0) continue;
    const inSpace = byPlace(pages.where('space_key', '=', space), space === after?.spaceKey ? after : null);
    found.push(...(await inSpace.limit(limit - found.length).execute()));
    if (found.length >= limit) break;
  }
  return found;
}

function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
