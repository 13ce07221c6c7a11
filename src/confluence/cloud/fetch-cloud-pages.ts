import type { ContentType } from '../../sync/page.ts';
import type { FetchedPage } from '../../sync/source.ts';
import type { ApiRequest } from '../client/api-request.ts';
import { inParallel } from '../client/in-parallel.ts';
import { fetchApart, type ChunkAnswer } from '../fetching/fetch-apart.ts';
import { fetchedPage } from '../fetching/fetched-page.ts';
import { slices } from '../fetching/slices.ts';
import { linkBase } from '../parse/page-url.ts';
import { parseCloudPage, spaceIdOf } from '../parse/parse-cloud-page.ts';
import { namesId } from '../parse/names-id.ts';
import { parseEnvelope, type Envelope } from '../parse/parse-envelope.ts';
import type { SiteApi } from '../site-api.ts';
import { cloudCollection, liveStatuses } from './cloud-collection.ts';
import type { SpaceKeys } from './create-space-keys.ts';

/** Ids in one request; Cloud takes 250, but their bodies share one answer. */
const CHUNK = 100;

type Site = Readonly<{ api: SiteApi; keys: SpaceKeys }>;

/** Fetches live content of Cloud with bodies, in bulk; ids that no content type knows are not in the result. */
export async function fetchCloudPages(
  api: SiteApi,
  keys: SpaceKeys,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FetchedPage>> {
  const found = new Map<string, FetchedPage>();
  for (const type of api.settings.contentTypes) {
    const open = ids.filter((id) => !found.has(id));
    const fetched = await inParallel(
      slices(open, CHUNK),
      api.settings.concurrency,
      signal,
      (chunk, chunkSignal) =>
        fetchApart(
          {
            fetchChunk: (part, tries) => fetchChunk({ api, keys }, type, part, tries, chunkSignal),
            isUp: () => api.isUp(chunkSignal),
          },
          chunk,
        ),
    );
    for (const page of fetched.flat()) found.set(idOf(page), page);
  }
  return found;
}

async function fetchChunk(
  site: Site,
  type: ContentType,
  ids: readonly string[],
  tries: number,
  signal: AbortSignal,
): Promise<ChunkAnswer> {
  const [only] = ids;
  const alone = ids.length === 1 && only !== undefined;
  const request = { ...(alone ? oneRequest(site, type, only) : chunkRequest(site, type, ids)), tries };
  const reply = await site.api.client.get(request, signal);
  if (reply.kind === 'refused' && reply.status === 404) {
    if (!alone || !namesId(reply.value, only)) await site.api.assertSignedIn(signal);
    return { kind: 'got', pages: [], again: alone ? [] : ids };
  }
  if (reply.kind !== 'json') return { kind: 'failed', reply };
  const envelope = alone ? { results: [reply.value] } : parseEnvelope(reply.value);
  if (envelope === null) return { kind: 'failed', reply: { kind: 'unreadable', code: 'malformed_answer' } };
  await site.keys.lookUp(
    envelope.results.map(spaceIdOf).filter((id) => id !== null),
    signal,
  );
  return readRows(site, type, ids, envelope, reply.lossy);
}

function oneRequest({ api }: Site, type: ContentType, id: string): ApiRequest {
  const route = `/api/v2/${cloudCollection(type)}/`;
  const query = [['body-format', 'storage']] as const;
  return { root: api.root, path: `${route}${id}`, query, route: `${route}{id}`, what: `fetching page ${id}` };
}

function chunkRequest({ api }: Site, type: ContentType, ids: readonly string[]): ApiRequest {
  const path = `/api/v2/${cloudCollection(type)}`;
  const query = [
    ['id', ids.join(',')],
    ['body-format', 'storage'],
    ...liveStatuses(type, api.settings.archived),
    ['limit', '250'],
  ] as const;
  return { root: api.root, path, query, route: path, what: `fetching ${ids.length} pages` };
}

function readRows(
  { api, keys }: Site,
  type: ContentType,
  ids: readonly string[],
  { results, _links: links }: Pick<Envelope, 'results'> & Partial<Envelope>,
  lossy: boolean,
): ChunkAnswer {
  const base = linkBase(links?.base, api.root);
  const spaceKeyOf = (spaceId: string | null) => (spaceId === null ? null : keys.known(spaceId));
  const open = new Set(ids);
  const doubtful: string[] = [];
  let nameless = false;
  const pages: FetchedPage[] = [];
  for (const row of results) {
    const parsed = parseCloudPage(row, { type, base, lossy, spaceKeyOf });
    if (parsed.kind === 'unusable') nameless = true;
    if (parsed.kind === 'unusable') continue;
    const page = inScope(fetchedPage(parsed), api.settings.archived);
    // A server that does not know the filter answers with pages nobody asked for.
    if (!open.delete(idOf(page))) continue;
    // With several pages in one answer, a replaced character need not be this page's fault.
    if (ids.length > 1 && page.kind === 'failure' && page.code === 'invalid_utf8') doubtful.push(page.id);
    else pages.push(page);
  }
  // The one page that was asked for by its address came as something else.
  if (ids.length === 1 && pages.length === 0)
    return { kind: 'failed', reply: { kind: 'unreadable', code: 'malformed_answer' } };
  const whole = links?.next === undefined && results.length <= ids.length && !nameless;
  return { kind: 'got', pages, again: whole ? doubtful : [...doubtful, ...open] };
}

function inScope(page: FetchedPage, archived: 'include' | 'exclude'): FetchedPage {
  const out = page.kind === 'page' && page.head.status === 'archived' && archived === 'exclude';
  return out ? { kind: 'absent', id: page.head.id } : page;
}

function idOf(page: FetchedPage): string {
  return page.kind === 'page' ? page.head.id : page.id;
}
