import type { ApiRequest } from '../client/api-request.ts';
import type { Envelope } from '../parse/parse-envelope.ts';
import { nextCursor } from './next-cursor.ts';
import { offsetPager } from './offset-pager.ts';
import type { Advance, Pager } from './pager.ts';

/** Marks positions that are cursors: the others are numbers of rows. */
const CURSOR = 'cursor:';

/**
 * Pages a search: by the cursor in its `next` link where the server gives one, else by the number of rows received. Then the last row
 * is read again with the next answer: where it is not there, rows before it went, and others were passed over.
 */
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
      if (position?.startsWith(CURSOR) !== true)
        return overlapping(byOffset.advance(envelope, position), envelope);
      if (next.kind === 'none') return { kind: 'end' };
      return { kind: 'broken', reason: 'Confluence gave a next link without a cursor' };
    },
  };
}

/** One row back; an answer of a single row has none to spare. */
function overlapping(advance: Advance, { results }: Envelope): Advance {
  if (advance.kind !== 'next' || results.length < 2) return advance;
  return { ...advance, position: String(Number(advance.position) - 1), overlaps: true };
}
