import type { ApiRequest } from '../client/api-request.ts';
import { checkNext } from './next-cursor.ts';
import type { Pager } from './pager.ts';

/** Servers cap a list silently at sizes that are multiples of this. */
const CAP_UNIT = 25;

/**
 * Pages a list by the number of rows received: Data Center's lists. The link's own `start` is not believed, it may count from
 * a limit that the server did not grant.
 */
export function offsetPager(list: ApiRequest, size: number): Pager {
  return {
    what: list.what,
    sizes: { heads: size, bodies: size },
    request: (position, limit) => ({
      ...list,
      query: [...list.query, ['start', position ?? '0'], ['limit', String(limit)]],
    }),
    advance: ({ results, limit, _links: links }, position) => {
      const hasNext = links?.next !== undefined && links.next !== '';
      if (hasNext) checkNext(links.next ?? '', links.base, list.root);
      const start = Number(position ?? '0');
      const granted = limit !== undefined && limit >= 1 ? Math.floor(limit) : size;
      if (results.length === 0 && !hasNext) return { kind: 'end' };
      // Rows that may not be seen are taken out after the page was cut, so an empty page need not be the last.
      const step = results.length === 0 ? granted : results.length;
      const full = results.length >= granted || results.length % CAP_UNIT === 0;
      return hasNext || full ? { kind: 'next', position: String(start + step) } : { kind: 'end' };
    },
  };
}
