import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';

/** A v2 list: results, and a relative `next` with a cursor as long as more follows, in the body and in the `link` header. */
export function listAnswer(
  site: Site,
  call: Call,
  results: readonly unknown[],
  cursor: string | null,
): Answer {
  const base = site.base();
  const next = cursor === null ? null : `/wiki${call.route}?${nextQuery(call.query, cursor)}`;
  const links = [...(next === null ? [] : [`<${next}>; rel="next"`]), `<${base}>; rel="base"`];
  return jsonAnswer({ results, _links: { ...(next !== null && { next }), base } }, 200, {
    link: links.join(', '),
  });
}

function nextQuery(query: URLSearchParams, cursor: string): string {
  const rest = new URLSearchParams(query);
  rest.delete('cursor');
  // The cursor's own `=` stay as they are: clients meet them so.
  return rest.size === 0 ? `cursor=${cursor}` : `${rest.toString()}&cursor=${cursor}`;
}
