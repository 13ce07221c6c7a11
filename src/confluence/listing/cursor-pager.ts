import type { ApiRequest } from '../client/api-request.ts';
import { nextCursor } from './next-cursor.ts';
import type { Pager } from './pager.ts';

/** Pages a list by the cursor in its `next` link: Cloud's v2 lists. */
export function cursorPager(
  list: ApiRequest,
  sizes: Pager['sizes'],
  bodyQuery: ApiRequest['query'],
  careful = false,
): Pager {
  return {
    what: list.what,
    sizes,
    careful,
    request: (cursor, size, bodies) => ({
      ...list,
      query: [
        ...list.query,
        ...(bodies ? bodyQuery : []),
        ['limit', String(size)],
        ...(cursor === null ? [] : ([['cursor', cursor]] as const)),
      ],
    }),
    advance: ({ _links: links }) => {
      const next = nextCursor(links?.next, links?.base, list.root);
      if (next.kind === 'cursor') return { kind: 'next', position: next.cursor };
      if (next.kind === 'none') return { kind: 'end' };
      return { kind: 'broken', reason: 'Confluence gave a next link without a cursor' };
    },
  };
}
