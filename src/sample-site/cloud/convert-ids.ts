import { jsonAnswer, type Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';
import { findContent } from '../state/library.ts';
import { readId } from './read-query.ts';
import { badParameter, v2Error } from './v2-error.ts';

const MOST_IDS = 250;

/** Tells for each id what it is; null for what does not exist or may not be seen. A page in the trash is a page. */
export async function convertIds(site: Site, call: Call): Promise<Answer> {
  const ids = readContentIds(await call.text());
  const results = ids.map((id): [string, string | null] => {
    const content = findContent(site.library, id);
    if (content !== null) return [id, call.sees(content) ? content.type : null];
    const folder = site.library.folders.get(id);
    return [id, folder !== null && call.seesSpace(folder.spaceIndex) ? 'folder' : null];
  });
  return jsonAnswer({ results: Object.fromEntries(results) });
}

function readContentIds(text: string): string[] {
  const ids = contentIdsOf(parse(text));
  if (ids === null) throw v2Error(400, 'INVALID_REQUEST_BODY', 'contentIds must be a list of ids');
  if (ids.length > MOST_IDS)
    throw badParameter('contentIds', String(ids.length), `a list of at most ${MOST_IDS}`);
  return ids.map((id) => readId(String(id), 'contentIds'));
}

function contentIdsOf(body: unknown): (string | number)[] | null {
  if (typeof body !== 'object' || body === null || !('contentIds' in body)) return null;
  const { contentIds } = body;
  const good = (id: unknown): id is string | number => typeof id === 'string' || typeof id === 'number';
  return Array.isArray(contentIds) && contentIds.every(good) ? contentIds : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
