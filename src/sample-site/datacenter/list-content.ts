import type { Content } from '../content.ts';
import type { Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';
import { findContent } from '../state/library.ts';
import { takePage } from '../take-page.ts';
import { v1Content } from '../v1/content-json.ts';
import { readExpand } from '../v1/read-expand.ts';
import { datacenterDialect } from './datacenter-dialect.ts';
import { offsetAnswer } from './offset-answer.ts';
import { readFilter } from './read-filter.ts';
import { readLimit, readStart } from './read-paging.ts';

/** Lists content by id behind an offset over what is there at this moment: edits between requests shift the rows. */
export function listContent(site: Site, call: Call): Answer {
  const expand = readExpand(call.query, []);
  const limit = readLimit(call, expand);
  const start = readStart(call);
  const { rows, more } = findRows(site, call, start, limit);
  const results = rows.map((content) => v1Content(site.library, content, expand, datacenterDialect(site)));
  return offsetAnswer(site, call, { results, start, limit, more });
}

function findRows(site: Site, call: Call, start: number, limit: number): { rows: Content[]; more: boolean } {
  const { type, spaces, statuses } = readFilter(site, call);
  const collection = site.library.collections[type];
  const few = chosen(site, call);
  if (few !== null) {
    const within = (one: Content): boolean => call.sees(one) && statuses.includes(one.status);
    const inSpace = few.filter((one) => within(one) && (spaces?.includes(one.spaceIndex) ?? true));
    return takePage(inSpace.slice(start), () => true, limit);
  }
  const walk = { spaces, statuses, order: 'id', descending: false } as const;
  const all = site.library.spaces.every(({ index }) => call.seesSpace(index));
  if (all)
    return takePage(collection.walk({ ...walk, start: { kind: 'skip', pages: start } }), () => true, limit);
  let passed = 0;
  const visible = (content: Content): boolean => call.sees(content) && passed++ >= start;
  return takePage(collection.walk({ ...walk, start: { kind: 'first' } }), visible, limit);
}

/** The content that `ids` or `title` picks; null where neither is given. */
function chosen(site: Site, call: Call): Content[] | null {
  const ids = call.query.getAll('ids').flatMap((text) => text.split(','));
  if (ids.length > 0) return [...new Set(ids)].flatMap((id) => findContent(site.library, id.trim()) ?? []);
  const title = call.query.get('title');
  if (title === null) return null;
  const { page, blogpost } = site.library.collections;
  return [...page.titled(title), ...blogpost.titled(title)];
}
