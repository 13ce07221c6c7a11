import type { Answer } from '../http/answer.ts';

/** A list as far as faults care: its rows, its links, and whatever else it says. */
type List = Readonly<{
  results: readonly unknown[];
  links: Readonly<Record<string, unknown>>;
  rest: Readonly<Record<string, unknown>>;
}>;

/** The list within an answer; null where the answer is none. */
export function readList(answer: Answer): List | null {
  if (answer.body.kind !== 'json' || !isRecord(answer.body.value)) return null;
  const { results, _links: links, ...rest } = answer.body.value;
  return Array.isArray(results) && isRecord(links) ? { results, links, rest } : null;
}

/** The answer with another list in place of its own. */
export function withList(answer: Answer, list: List): Answer {
  const { results, links, rest } = list;
  const size = 'size' in rest ? { size: results.length } : {};
  return { ...answer, body: { kind: 'json', value: { ...rest, results, ...size, _links: links } } };
}

/** The address of the next page as the answer tells it; null where it tells none. */
export function nextOf(answer: Answer): string | null {
  const next = readList(answer)?.links['next'];
  return typeof next === 'string' ? next : null;
}

/** The answer with another `next` in the links, the `link` header and Data Center's `nextCursor`; null removes it. */
export function withNext(answer: Answer, next: string | null): Answer {
  const list = readList(answer);
  if (list === null) return answer;
  const cursor = next === null ? undefined : /[?&]cursor=(content:[^&]*)/.exec(next)?.[1];
  const rewritten = withList(answer, {
    results: list.results,
    links: { ...without(list.links, 'next'), ...(next !== null && { next }) },
    rest: { ...without(list.rest, 'nextCursor'), ...(cursor !== undefined && { nextCursor: cursor }) },
  });
  return { ...rewritten, headers: withLinkHeader(answer.headers, next) };
}

function withLinkHeader(headers: Answer['headers'], next: string | null): Answer['headers'] {
  const { link, ...rest } = headers;
  if (link === undefined) return headers;
  const others = link.split(', ').filter((part) => !part.includes('rel="next"'));
  return { ...rest, link: [...(next === null ? [] : [`<${next}>; rel="next"`]), ...others].join(', ') };
}

function without(record: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
