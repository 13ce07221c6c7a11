import type { ApiRequest } from '../client/api-request.ts';
import { LONGEST_LINK, nextCursor } from './next-cursor.ts';
import type { Pager } from './pager.ts';

/** Pages Data Center's scan by its cursor, from `nextCursor` or out of the `next` link. */
export function scanPager(
  list: ApiRequest,
  sizes: Pager['sizes'],
  expand: (bodies: boolean) => string,
): Pager {
  return {
    what: list.what,
    sizes,
    request: (cursor, size, bodies) => ({
      ...list,
      query: [
        ...list.query,
        ['expand', expand(bodies)],
        ['limit', String(size)],
        ...(cursor === null ? [] : ([['cursor', cursor]] as const)),
      ],
    }),
    advance: ({ results, cursor, nextCursor: named = '', _links: links }, position) => {
      const next = nextCursor(links?.next, links?.base, list.root);
      if (next.kind === 'cursor') return { kind: 'next', position: next.cursor };
      if (next.kind === 'unusable' && named === '')
        return { kind: 'broken', reason: 'Confluence gave a next link without a cursor' };
      // Some servers may name a cursor at the very end: it is worth one more look, unless it leads back.
      const leadsBack = named === '' || named === cursor || named === position || named.endsWith(':null');
      const over = next.kind === 'none' && (leadsBack || results.length === 0);
      if (!over && named.length > LONGEST_LINK)
        return { kind: 'broken', reason: 'Confluence gave a cursor that no address can hold' };
      return over ? { kind: 'end' } : { kind: 'next', position: named };
    },
  };
}
