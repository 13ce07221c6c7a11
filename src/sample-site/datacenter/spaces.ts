import type { SiteSpace } from '../content.ts';
import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';
import { v1Space } from '../v1/space-json.ts';
import { readExpand } from '../v1/read-expand.ts';
import { datacenterDialect } from './datacenter-dialect.ts';
import { offsetAnswer } from './offset-answer.ts';
import { spaceIndexOf } from './read-filter.ts';
import { readLimit, readStart } from './read-paging.ts';

/** Lists the spaces that may be seen, current and archived ones alike unless told. */
export function listSpaces(site: Site, call: Call): Answer {
  const limit = readLimit(call, readExpand(call.query, []));
  const start = readStart(call);
  const spaces = site.library.spaces.filter(
    (space) => call.seesSpace(space.index) && matches(space, call.query),
  );
  const results = spaces.slice(start, start + limit).map((space) => v1Space(space, datacenterDialect(site)));
  return offsetAnswer(site, call, { results, start, limit, more: start + limit < spaces.length });
}

/** Gets one space by its key. */
export function getSpace(site: Site, call: Call): Answer {
  const space = site.library.spaces[spaceIndexOf(site, call, call.param('key'))];
  return jsonAnswer(space === undefined ? null : v1Space(space, datacenterDialect(site)));
}

function matches(space: SiteSpace, query: URLSearchParams): boolean {
  const keys = query.getAll('spaceKey').flatMap((text) => text.toLowerCase().split(','));
  const type = query.get('type');
  const status = query.get('status');
  return (
    (keys.length === 0 || keys.includes(space.key.toLowerCase())) &&
    (type === null || type === space.type) &&
    (status === null || status.toLowerCase() === space.status)
  );
}
