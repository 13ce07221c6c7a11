import type { FetchedPage } from '../../sync/source.ts';
import type { Reply } from '../client/answer.ts';
import type { ApiRequest } from '../client/api-request.ts';
import { inParallel } from '../client/in-parallel.ts';
import { fetchApart, type ChunkAnswer } from '../fetching/fetch-apart.ts';
import { fetchedPage } from '../fetching/fetched-page.ts';
import { slices } from '../fetching/slices.ts';
import { parseDataCenterPage } from '../parse/parse-data-center-page.ts';
import { parseEnvelope } from '../parse/parse-envelope.ts';
import type { SiteApi } from '../site-api.ts';
import type { Abilities } from './abilities.ts';
import { expansions } from './expansions.ts';

const CHUNK = 50;

type Server = Readonly<{ api: SiteApi; abilities: Abilities }>;

/** Fetches live content of Data Center with bodies, in bulk where the server can, the rest one by one. */
export async function fetchDataCenterPages(
  api: SiteApi,
  abilities: Abilities,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FetchedPage>> {
  const { concurrency } = api.settings;
  const bulk = await inParallel(slices(ids, CHUNK), concurrency, signal, (chunk, chunkSignal) =>
    abilities.bulk === 'absent' || chunk.length === 1
      ? Promise.resolve([])
      : fetchApart(apartOf(api, abilities, chunkSignal), chunk),
  );
  const found = new Map(bulk.flat().map((page) => [idOf(page), page]));
  const rest = ids.filter((id) => !found.has(id));
  const single = await inParallel(rest, concurrency, signal, (id, oneSignal) =>
    fetchApart(apartOf(api, abilities, oneSignal), [id]),
  );
  const missed = single.flat().filter((page) => page.kind === 'page');
  // It left out pages that are there: asking it in bulk only costs time.
  if (missed.length > 0 && rest.length < ids.length) abilities.bulk = 'absent';
  for (const page of single.flat()) found.set(idOf(page), page);
  return found;
}

function apartOf(api: SiteApi, abilities: Abilities, signal: AbortSignal) {
  return {
    fetchChunk: (ids: readonly string[], tries: number) => {
      const [only] = ids;
      return ids.length === 1 && only !== undefined
        ? fetchOne({ api, abilities }, only, tries, signal)
        : fetchBulk(api, abilities, ids, tries, signal);
    },
    isUp: () => api.isUp(signal),
  };
}

async function fetchOne(
  server: Server,
  id: string,
  tries: number,
  signal: AbortSignal,
): Promise<ChunkAnswer> {
  const { api } = server;
  const request: ApiRequest = {
    root: api.root,
    path: `/rest/api/content/${id}`,
    query: [['expand', expansions(true)]],
    route: '/rest/api/content/{id}',
    what: `fetching page ${id}`,
    tries,
  };
  const reply = await askForLive(server, request, signal);
  if (reply.kind === 'refused' && reply.status === 404) return { kind: 'got', pages: [], again: [] };
  if (reply.kind !== 'json') return { kind: 'failed', reply };
  const page = readRow(api, reply.value, reply.lossy);
  if (page === null || idOf(page) !== id)
    return { kind: 'failed', reply: { kind: 'unreadable', code: 'malformed_answer' } };
  return { kind: 'got', pages: [page], again: [] };
}

/** Without a status only current content is shown: what is missing may be archived. */
async function askForLive(
  { api, abilities }: Server,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<Reply> {
  const reply = await api.client.get(request, signal);
  const missing = reply.kind === 'refused' && reply.status === 404;
  if (!missing || api.settings.archived === 'exclude') return reply;
  const query = [['status', 'archived'] as const, ...request.query];
  const archived = await api.client.get({ ...request, query }, signal);
  // Whatever a server makes of the status, it has answered the plain question, unless it is known to list archived pages.
  const isFailing = archived.kind !== 'refused' && abilities.archived === 'works';
  return archived.kind === 'json' || isFailing ? archived : reply;
}

async function fetchBulk(
  api: SiteApi,
  abilities: Abilities,
  ids: readonly string[],
  tries: number,
  signal: AbortSignal,
): Promise<ChunkAnswer> {
  const path = '/rest/api/content';
  const query = [
    ...ids.map((id) => ['ids', id] as const),
    ['expand', expansions(true)] as const,
    ['limit', String(CHUNK)] as const,
  ];
  const request = { root: api.root, path, query, route: path, what: `fetching ${ids.length} pages`, tries };
  const nothing: ChunkAnswer = { kind: 'got', pages: [], again: [] };
  if (abilities.bulk === 'absent') return nothing;
  const reply = await api.client.get(request, signal);
  if (reply.kind === 'refused') {
    abilities.bulk = 'absent';
    return nothing;
  }
  if (reply.kind !== 'json') return { kind: 'failed', reply };
  const rows = parseEnvelope(reply.value)?.results ?? [];
  const pages = rows.map((row) => readRow(api, row, reply.lossy)).filter((page) => page !== null);
  const asked = new Set(ids);
  if (pages.some((page) => !asked.has(idOf(page)))) {
    abilities.bulk = 'absent';
    return nothing;
  }
  // With several pages in one answer, a replaced character need not be this page's fault: it is asked for alone.
  const sure = pages.filter((page) => page.kind !== 'failure' || page.code !== 'invalid_utf8');
  return { kind: 'got', pages: distinct(sure), again: [] };
}

function readRow(api: SiteApi, row: unknown, lossy: boolean): FetchedPage | null {
  const { contentTypes, archived } = api.settings;
  const parsed = parseDataCenterPage(row, { base: api.root, contentTypes, spaceKey: null, lossy });
  if (parsed.kind === 'unusable') return null;
  const page = fetchedPage(parsed);
  const out = page.kind === 'page' && page.head.status === 'archived' && archived === 'exclude';
  return out ? { kind: 'absent', id: page.head.id } : page;
}

function distinct(pages: readonly FetchedPage[]): readonly FetchedPage[] {
  return [...new Map(pages.map((page) => [idOf(page), page])).values()];
}

function idOf(page: FetchedPage): string {
  return page.kind === 'page' ? page.head.id : page.id;
}
