import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';
import { takePage } from '../take-page.ts';
import { v1Content } from '../v1/content-json.ts';
import { readExpand } from '../v1/read-expand.ts';
import { badRequest } from '../v1/v1-error.ts';
import { datacenterDialect } from './datacenter-dialect.ts';
import { readFilter } from './read-filter.ts';
import { readLimit } from './read-paging.ts';

const FIRST = 'content:false:null';

/** Scans content by ascending id with a cursor: the walk that edits do not shift. */
export function scanContent(site: Site, call: Call): Answer {
  const { type, spaces, statuses } = readFilter(site, call);
  const expand = readExpand(call.query, []);
  const limit = readLimit(call, expand);
  const cursor = call.query.get('cursor') ?? FIRST;
  const after = readCursor(cursor);
  const start =
    after === null
      ? ({ kind: 'first' } as const)
      : ({ kind: 'after', key: { id: after, value: 0 } } as const);
  const walk = site.library.collections[type].walk({
    spaces,
    statuses,
    order: 'id',
    descending: false,
    start,
  });
  const { rows, more } = takePage(walk, call.sees, limit);
  const nextCursor = more ? `content:false:${rows.at(-1)?.id ?? ''}` : null;
  return jsonAnswer({
    results: rows.map((content) => v1Content(site.library, content, expand, datacenterDialect(site))),
    cursor,
    ...(nextCursor !== null && { nextCursor }),
    ...(after !== null && { prevCursor: `content:true:${rows[0]?.id ?? after}` }),
    limit,
    size: rows.length,
    _links: linksOf(site, call, limit, cursor, nextCursor),
  });
}

function readCursor(cursor: string): string | null {
  const match = /^content:false:(null|\d{1,40})$/.exec(cursor);
  if (match === null) throw badRequest(`invalid cursor ${cursor}`);
  const id = match[1] ?? 'null';
  return id === 'null' ? null : String(BigInt(id));
}

function linksOf(
  site: Site,
  call: Call,
  limit: number,
  cursor: string,
  next: string | null,
): Record<string, string> {
  const rest = new URLSearchParams(call.query);
  rest.delete('cursor');
  rest.set('limit', String(limit));
  return {
    self: `${site.base()}${call.route}?cursor=${cursor}`,
    ...(next !== null && { next: `${call.route}?cursor=${next}&${rest.toString()}` }),
    base: site.base(),
    context: site.options.contextPath ?? '',
  };
}
