import { z } from 'zod';
import type { Standing } from '../../sync/page.ts';
import type { Ancestry } from '../../sync/source.ts';
import type { ApiRequest } from '../client/api-request.ts';
import { inParallel } from '../client/in-parallel.ts';
import { slices } from '../fetching/slices.ts';
import { unclearReply } from '../confirming/unclear-reply.ts';
import { namesId } from '../parse/names-id.ts';
import { parseEnvelope } from '../parse/parse-envelope.ts';
import { readContentId } from '../parse/read-content-id.ts';
import type { SiteApi } from '../site-api.ts';

const CHUNK = 100;
/** Most ancestors in one answer, which has no way to ask for the rest. */
const MOST_ANCESTORS = 250;
/** Servers cap a list silently at sizes that are multiples of this. */
const CAP_UNIT = 25;

/**
 * Asks Cloud what is above pages: for parents that are pages in bulk, by their own `parentId`; a parent that no list of pages shows
 * is a folder, a whiteboard or the like, and is asked for as one of the ancestors of the page below it.
 */
export async function askCloudAncestry(
  api: SiteApi,
  pages: readonly Standing[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Ancestry>> {
  const above = await askForParents(api, pages, signal);
  const answers = new Map<string, Ancestry>();
  const rest: Standing[] = [];
  for (const page of pages) {
    const parentId = page.parentId === null ? undefined : above.get(page.parentId);
    if (parentId === undefined) rest.push(page);
    else answers.set(page.id, { kind: 'parent', parentId });
  }
  const asked = await inParallel(rest, api.settings.concurrency, signal, (page, askSignal) =>
    askForAncestors(api, page, askSignal),
  );
  for (const [index, { id }] of rest.entries())
    answers.set(id, asked[index] ?? { kind: 'unclear', reason: 'it was not asked for' });
  return answers;
}

/** The parents of the pages' parents, by id. Whatever goes wrong here only leaves more to be asked for alone. */
async function askForParents(
  api: SiteApi,
  pages: readonly Standing[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string | null>> {
  const ids = pages.map(({ parentId }) => parentId).filter((id) => id !== null);
  const found = await inParallel(
    slices([...new Set(ids)], CHUNK),
    api.settings.concurrency,
    signal,
    (chunk, askSignal) => askInBulk(api, chunk, askSignal),
  );
  return new Map(found.flat());
}

const Row = z.object({ id: z.unknown().optional(), parentId: z.unknown().optional() });

async function askInBulk(
  api: SiteApi,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly [string, string | null])[]> {
  const path = '/api/v2/pages';
  const query = [
    ['id', ids.join(',')],
    ['status', 'current'],
    ['status', 'archived'],
    ['limit', '250'],
  ] as const;
  const what = `asking what is above ${ids.length} pages`;
  const reply = await api.client.get({ root: api.root, path, query, route: path, what }, signal);
  const rows = (reply.kind === 'json' ? parseEnvelope(reply.value)?.results : undefined) ?? [];
  const asked = new Set(ids);
  return rows.flatMap((row) => {
    const page = Row.safeParse(row).data;
    const [id, parentId] = [readContentId(page?.id), readContentId(page?.parentId)];
    const isTold = parentId !== null || page?.parentId === null;
    return id !== null && isTold && asked.has(id) ? [[id, parentId] as const] : [];
  });
}

async function askForAncestors(api: SiteApi, page: Standing, signal: AbortSignal): Promise<Ancestry> {
  const request: ApiRequest = {
    root: api.root,
    path: `/api/v2/pages/${page.id}/ancestors`,
    query: [['limit', String(MOST_ANCESTORS)]],
    route: '/api/v2/pages/{id}/ancestors',
    what: `asking what is above page ${page.id}`,
  };
  const reply = await api.client.get(request, signal);
  if (reply.kind === 'json') return readAnswer(reply.value, page);
  if (reply.kind === 'refused' && reply.status === 404) {
    if (namesId(reply.value, page.id)) return { kind: 'absent' };
    await api.assertSignedIn(signal);
  }
  return await unclearReply(api, reply, request, signal);
}

function readAnswer(value: unknown, page: Standing): Ancestry {
  const rows = parseEnvelope(value)?.results;
  const ids = rows?.map((row) => readContentId(Row.safeParse(row).data?.id));
  if (ids === undefined || ids.includes(null))
    return { kind: 'unclear', reason: 'Confluence gave no readable list of its ancestors' };
  // The page itself has been seen at the end of its ancestors.
  const chain = ids.filter((id) => id !== null).filter((id) => id !== page.id);
  if (chain.length === 0 || ids.length % CAP_UNIT !== 0) return { kind: 'chain', ancestorIds: chain };
  // It may be cut at either end: the last step is believed where it is the right one, and the way goes on from there.
  if (chain.at(-1) === page.parentId) return { kind: 'parent', parentId: chain.at(-2) ?? null };
  return { kind: 'unclear', reason: `Confluence named ${ids.length} ancestors, and maybe not all` };
}
