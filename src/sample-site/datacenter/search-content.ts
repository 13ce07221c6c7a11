import type { Content } from '../content.ts';
import type { Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Handler, Site } from '../http/site.ts';
import { planSearch } from '../search/search-plan.ts';
import { runSearch } from '../search/run-search.ts';
import { spaceOf } from '../state/library.ts';
import { v1Content } from '../v1/content-json.ts';
import { readExpand } from '../v1/read-expand.ts';
import { badRequest } from '../v1/v1-error.ts';
import { DEFAULT_SERVER_OFFSET, datacenterDialect } from './datacenter-dialect.ts';
import { offsetAnswer } from './offset-answer.ts';
import { readLimit, readStart } from './read-paging.ts';

/** Answers `/rest/api/content/search`: content found by CQL, behind an offset. */
export const searchContent: Handler = (site, call) => {
  const expand = readExpand(call.query, []);
  return answerSearch(site, call, expand, (content) =>
    v1Content(site.library, content, expand, datacenterDialect(site)),
  );
};

/** Answers `/rest/api/search`: the same rows with what a result list shows. */
export const searchSite: Handler = (site, call) => {
  const none = new Set<string>();
  const dialect = datacenterDialect(site);
  return answerSearch(site, call, none, (content) => ({
    content: v1Content(site.library, content, none, dialect),
    title: content.title,
    excerpt: '',
    url: dialect.webui(content, spaceOf(site.library, content)),
    entityType: 'content',
    lastModified: dialect.date(content.updatedAt),
  }));
};

function answerSearch(
  site: Site,
  call: Call,
  expand: ReadonlySet<string>,
  toJson: (content: Content) => unknown,
): Answer {
  const cql = call.query.get('cql');
  if (cql === null || cql === '') throw badRequest('cql is required');
  const offset = call.view.searchOffset ?? site.options.serverOffset ?? DEFAULT_SERVER_OFFSET;
  const plan = planSearch(cql, site.library, offset);
  const start = readStart(call);
  const limit = readLimit(call, expand);
  const { rows, more } = runSearch(site.library, call, plan, { skip: start }, limit);
  return offsetAnswer(site, call, { results: rows.map(toJson), start, limit, more });
}
