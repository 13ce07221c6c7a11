import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';
import { withLinks } from '../http/with-links.ts';
import { findContent } from '../state/library.ts';
import { v1Content } from '../v1/content-json.ts';
import { readExpand } from '../v1/read-expand.ts';
import { noContent } from '../v1/v1-error.ts';
import { datacenterDialect } from './datacenter-dialect.ts';
import { readStatuses } from './read-filter.ts';

/** Gets one page or blog post; only current content unless `status` says otherwise. */
export function getContent(site: Site, call: Call): Answer {
  const id = call.param('id');
  const content = findContent(site.library, id);
  const visible = content !== null && call.sees(content) && readStatuses(call.query).includes(content.status);
  if (!visible) throw noContent(id);
  const dialect = datacenterDialect(site);
  const expand = readExpand(call.query, ['history', 'space', 'version']);
  const json = v1Content(site.library, content, expand, dialect);
  const { base, context } = dialect;
  return jsonAnswer(withLinks(json, { collection: '/rest/api/content', base, context }));
}
