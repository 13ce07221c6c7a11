import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';

/** A page of rows behind `start`; `next` and `prev` leave the context path out, as real servers do. */
export function offsetAnswer(
  site: Site,
  call: Call,
  page: Readonly<{ results: readonly unknown[]; start: number; limit: number; more: boolean }>,
): Answer {
  const { results, start, limit, more } = page;
  const at = (from: number): string =>
    `${call.route}?${withParameters(call.query, { limit, start: from }).toString()}`;
  const links = {
    self: `${site.base()}${call.route}${call.query.size === 0 ? '' : `?${call.query.toString()}`}`,
    ...(more && { next: at(start + results.length) }),
    ...(start > 0 && { prev: at(Math.max(0, start - limit)) }),
    base: site.base(),
    context: site.options.contextPath ?? '',
  };
  return jsonAnswer({ results, start, limit, size: results.length, _links: links });
}

function withParameters(query: URLSearchParams, values: Readonly<Record<string, number>>): URLSearchParams {
  const all = new URLSearchParams(query);
  for (const [name, value] of Object.entries(values)) all.set(name, String(value));
  return all;
}
