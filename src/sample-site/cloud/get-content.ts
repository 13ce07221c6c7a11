import type { ContentType } from '../../sync/page.ts';
import { jsonAnswer } from '../http/answer.ts';
import type { Handler } from '../http/site.ts';
import { withLinks } from '../http/with-links.ts';
import { cloudContent, type CloudParts } from './content-json.ts';
import { readId, readWord, readWords } from './read-query.ts';
import { v2Error } from './v2-error.ts';

const BODY_FORMATS = [
  'storage',
  'atlas_doc_format',
  'view',
  'export_view',
  'anonymous_export_view',
  'styled_view',
  'editor',
] as const;
const STATUSES = ['current', 'archived', 'trashed', 'deleted', 'historical', 'draft'] as const;

/** Gets one page or blog post, in the trash or not; 404 names the id. */
export function getContent(type: ContentType): Handler {
  return (site, call) => {
    const id = readId(call.param('id'), 'id');
    const parts = readParts(call.query);
    const statuses = readWords(call.query, 'status', STATUSES);
    const content = site.library.collections[type].get(id);
    const visible = content !== null && call.sees(content) && (statuses?.includes(content.status) ?? true);
    if (!visible) throw v2Error(404, 'NOT_FOUND', `Cannot find a ${nameOf(type)} with id [${id}]`);
    const json = cloudContent(site, content, parts);
    return jsonAnswer(withLinks(json, { base: site.base() }));
  };
}

function readParts(query: URLSearchParams): CloudParts {
  const format = readWord(query, 'body-format', BODY_FORMATS);
  const known = format === null || format === 'storage' || format === 'atlas_doc_format';
  return { body: known ? format : 'other', version: query.get('include-version') !== 'false' };
}

function nameOf(type: ContentType): string {
  return type === 'page' ? 'page' : 'blog post';
}
