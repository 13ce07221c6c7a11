import type { ApiRequest } from '../client/api-request.ts';
import type { Envelope } from '../parse/parse-envelope.ts';
import { checkNext } from './next-cursor.ts';
import type { Pager } from './pager.ts';

/** Servers cap a list silently at sizes that are multiples of this. */
const CAP_UNIT = 25;

/** Whether an answer's own word on the limit it used is enough to tell its end. */
export type LimitTrust = 'believed' | 'doubted';

/**
 * Pages a list by the number of rows received: Data Center's lists. The link's own `start` is not believed, it may count from
 * a limit that the server did not grant. Without a next link an answer that is full goes on; where the limit is doubted, or
 * the answer does not say how many rows it holds, every number of rows that a silent cap could have left counts as full.
 */
export function offsetPager(list: ApiRequest, size: number, trust: LimitTrust = 'doubted'): Pager {
  return {
    what: list.what,
    sizes: { heads: size, bodies: size },
    request: (position, limit) => ({
      ...list,
      query: [...list.query, ['start', position ?? '0'], ['limit', String(limit)]],
    }),
    advance: (envelope, position) => {
      const { results, limit, _links: links } = envelope;
      const hasNext = links?.next !== undefined && links.next !== '';
      if (hasNext) checkNext(links.next ?? '', links.base, list.root);
      const start = Number(position ?? '0');
      const granted = limit !== undefined && limit >= 1 ? Math.floor(limit) : size;
      if (results.length === 0 && !hasNext) return { kind: 'end' };
      // Rows that may not be seen are taken out after the page was cut, so an empty page need not be the last.
      const step = results.length === 0 ? granted : results.length;
      const mayBeCapped = !(trust === 'believed' && tellsItsSize(envelope));
      const full = results.length >= granted || (mayBeCapped && results.length % CAP_UNIT === 0);
      return hasNext || full ? { kind: 'next', position: String(start + step) } : { kind: 'end' };
    },
    over: (position) => String(Number(position ?? '0') + 1),
  };
}

function tellsItsSize({ results, limit, size }: Envelope): boolean {
  return limit !== undefined && limit >= 1 && size === results.length;
}
