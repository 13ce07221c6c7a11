import type { ContentType } from '../../sync/page.ts';
import type { Content, SiteSpace } from '../content.ts';
import type { Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Handler, Site } from '../http/site.ts';
import { compareKeys, keyOf } from '../state/order.ts';
import { takePage } from '../take-page.ts';
import { cloudContent } from './content-json.ts';
import { writeCursor } from './cursor.ts';
import { findSpace } from './find-space.ts';
import { listAnswer } from './list-answer.ts';
import { readListRequest, type ListRequest } from './read-list-request.ts';

/** Lists pages or blog posts of the whole site. */
export function listContent(type: ContentType): Handler {
  return (site, call) => answerList(site, call, type, null);
}

/** Lists pages or blog posts of the space whose id is in the path; 404 where there is none that may be seen. */
export function listSpaceContent(type: ContentType): Handler {
  return (site, call) => answerList(site, call, type, findSpace(site, call));
}

function answerList(site: Site, call: Call, type: ContentType, space: SiteSpace | null): Answer {
  const request = readListRequest(call, type);
  const wanted = (content: Content): boolean => call.sees(content) && matches(content, request);
  const { rows, more } = takePage(candidates(site, type, request, space), wanted, request.limit);
  const last = rows.at(-1);
  const cursor = more && last ? writeCursor(request.sort, request.order, keyOf(request.order, last)) : null;
  const parts = { body: request.body, version: true };
  return listAnswer(
    site,
    call,
    rows.map((content) => cloudContent(site, content, parts)),
    cursor,
  );
}

function candidates(
  site: Site,
  type: ContentType,
  request: ListRequest,
  space: SiteSpace | null,
): Iterable<Content> {
  const collection = site.library.collections[type];
  const spaces = space === null ? spacesOf(site, request) : [space.index];
  const within = (content: Content): boolean => spaces?.includes(content.spaceIndex) ?? true;
  if (request.ids !== null)
    return inOrder(
      distinct(request.ids).flatMap((id) => collection.get(id) ?? []),
      request,
    ).filter(within);
  if (request.title !== null) return inOrder(collection.titled(request.title), request).filter(within);
  const { statuses, order, descending, after } = request;
  const start = after === null ? ({ kind: 'first' } as const) : ({ kind: 'after', key: after } as const);
  return collection.walk({ spaces, statuses, order, descending, start });
}

function spacesOf(site: Site, { spaceIds }: ListRequest): number[] | null {
  if (spaceIds === null) return null;
  return site.library.spaces.filter((space) => spaceIds.includes(space.id)).map((space) => space.index);
}

function inOrder(contents: readonly Content[], { order, descending, after }: ListRequest): Content[] {
  const sign = descending ? -1 : 1;
  return contents
    .filter((content) => after === null || sign * compareKeys(keyOf(order, content), after) > 0)
    .sort((a, b) => sign * compareKeys(keyOf(order, a), keyOf(order, b)));
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}

function matches(content: Content, request: ListRequest): boolean {
  if (!request.statuses.includes(content.status)) return false;
  if (request.rootOnly && content.parentId !== null) return false;
  return request.title === null || content.title.toLowerCase() === request.title.toLowerCase();
}
