import type { ApiRequest } from '../client/api-request.ts';
import { nextCursor } from './next-cursor.ts';
import { offsetPager } from './offset-pager.ts';
import type { Pager } from './pager.ts';

/** Marks positions that are cursors: the others are numbers of rows. */
const CURSOR = 'cursor:';

/** Pages a search: by the cursor in its `next` link where the server gives one, else by the number of rows received. */
export function searchPager(list: ApiRequest, size: number): Pager {
  const byOffset = offsetPager(list, size);
  // No way over a row: one that is stepped over would be a change that nobody knows of.
  return {
    what: byOffset.what,
    sizes: byOffset.sizes,
    request: (position, limit, bodies) => {
      if (position?.startsWith(CURSOR) !== true) return byOffset.request(position, limit, bodies);
      const cursor = position.slice(CURSOR.length);
      return { ...list, query: [...list.query, ['cursor', cursor], ['limit', String(limit)]] };
    },
    advance: (envelope, position) => {
      const next = nextCursor(envelope._links?.next, envelope._links?.base, list.root);
      if (next.kind === 'cursor') return { kind: 'next', position: `${CURSOR}${next.cursor}` };
      if (position?.startsWith(CURSOR) !== true) return byOffset.advance(envelope, position);
      if (next.kind === 'none') return { kind: 'end' };
      return { kind: 'broken', reason: 'Confluence gave a next link without a cursor' };
    },
  };
}
