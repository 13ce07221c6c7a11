import type { Content } from '../content.ts';
import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';
import { planSearch } from '../search/search-plan.ts';
import { runSearch } from '../search/run-search.ts';
import { spaceOf } from '../state/library.ts';
import { keyOf, type Key, type Order } from '../state/order.ts';
import { v1Content } from '../v1/content-json.ts';
import { readExpand } from '../v1/read-expand.ts';
import { badRequest } from '../v1/v1-error.ts';
import { cloudDialect } from './cloud-dialect.ts';

const DEFAULT_LIMIT = 25;
const MOST = 250;
const MOST_WITH_BODY = 50;
const SECOND_MS = 1_000;

/** Answers `/rest/api/content/search`: content found by CQL, by cursor. `start` is ignored. */
export function cloudContentSearch(site: Site, call: Call): Answer {
  const expand = readExpand(call.query, []);
  return answerSearch(site, call, expand, (content) =>
    v1Content(site.library, content, expand, cloudDialect(site)),
  );
}

/** Answers `/rest/api/search`: the same rows with what a result list shows. */
export function cloudSearch(site: Site, call: Call): Answer {
  const none = new Set<string>();
  return answerSearch(site, call, none, (content) => {
    const space = spaceOf(site.library, content);
    return {
      content: v1Content(site.library, content, none, cloudDialect(site)),
      title: escapeHtml(content.title),
      excerpt: '',
      url: cloudDialect(site).webui(content, space),
      resultGlobalContainer: { title: space.name, displayUrl: `/spaces/${space.key}` },
      breadcrumbs: [],
      entityType: 'content',
      iconCssClass: 'aui-icon content-type-page',
      lastModified: new Date(Math.floor(content.updatedAt / SECOND_MS) * SECOND_MS).toISOString(),
      friendlyLastModified: new Date(content.updatedAt).toISOString().slice(0, 10),
      score: 0,
    };
  });
}

function answerSearch(
  site: Site,
  call: Call,
  expand: ReadonlySet<string>,
  toJson: (content: Content) => unknown,
): Answer {
  const cql = call.query.get('cql');
  if (cql === null || cql === '') throw badRequest('cql is required');
  const plan = planSearch(cql, site.library, call.view.searchOffset ?? site.options.serverOffset ?? '+00:00');
  const limit = limitOf(call, expand);
  const { rows, more } = runSearch(
    site.library,
    call,
    plan,
    { after: readCursor(call.query, plan.order) },
    limit,
  );
  const last = rows.at(-1);
  const cursor = more && last ? writeCursor(keyOf(plan.order, last)) : null;
  return jsonAnswer({
    results: rows.map(toJson),
    start: 0,
    limit,
    size: rows.length,
    totalSize: site.library.collections.page.count(plan.spaces, ['current']),
    cqlQuery: cql,
    searchDuration: 12,
    archivedResultCount: 0,
    _links: linksOf(site, call, limit, cursor),
  });
}

function limitOf(call: Call, expand: ReadonlySet<string>): number {
  const text = call.query.get('limit') ?? String(DEFAULT_LIMIT);
  if (!/^\d+$/.test(text)) throw badRequest(`limit ${text} is no number`);
  const withBody = [...expand].some((name) => name.startsWith('body'));
  return Math.min(Number(text), withBody ? MOST_WITH_BODY : MOST, call.cap ?? Infinity);
}

function linksOf(site: Site, call: Call, limit: number, cursor: string | null): Record<string, string> {
  const self = `${site.base()}${call.route}?${call.query.toString()}`;
  const links = { base: site.base(), context: '/wiki', self };
  if (cursor === null) return links;
  const rest = new URLSearchParams(call.query);
  for (const name of ['next', 'cursor', 'limit', 'start']) rest.delete(name);
  const start = Number(call.query.get('start') ?? '0') + limit;
  const query = `next=true&cursor=${encodeURIComponent(cursor)}&limit=${limit}&start=${start}&${rest.toString()}`;
  // Without `/wiki`, unlike v2's.
  return { ...links, next: `${call.route}?${query}` };
}

function writeCursor(key: Key): string {
  return `_sa_${Buffer.from(JSON.stringify([key.value, `\t${key.id}`])).toString('base64')}`;
}

function readCursor(query: URLSearchParams, order: Order): Key | null {
  const text = query.get('cursor');
  if (text === null) return null;
  const match = /^\[(-?\d+|"(?:[^"\\]|\\.)*"),"\\t(\d+)"\]$/.exec(
    Buffer.from(text.slice(4), 'base64').toString(),
  );
  if (match === null) throw badRequest(`cursor ${text} cannot be read`);
  const value: unknown = JSON.parse(match[1] ?? '0');
  return {
    id: match[2] ?? '',
    value: order === 'id' ? 0 : typeof value === 'number' ? value : String(value),
  };
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
