import type { FetchedPage } from '../../sync/source.ts';
import type { Reply } from '../client/answer.ts';
import { TRIES } from '../client/create-client.ts';
import { unavailable } from '../client/refuse-to-go-on.ts';
import { pageFailure } from './fetched-page.ts';

/** What one request for several pages gave: pages, and ids worth asking for again alone; or no pages at all. */
export type ChunkAnswer =
  | Readonly<{ kind: 'got'; pages: readonly FetchedPage[]; again: readonly string[] }>
  | Readonly<{ kind: 'failed'; reply: Exclude<Reply, { kind: 'json' }> }>;

/** How chunks are fetched. `isUp` tells whether Confluence answers at all. */
export type Apart = Readonly<{
  fetchChunk: (ids: readonly string[], tries: number) => Promise<ChunkAnswer>;
  isUp: () => Promise<boolean>;
}>;

/** Tries of a part of a chunk that failed whole. */
const PART_TRIES = 2;

/**
 * Fetches a chunk of pages; where it fails, halves it until exactly the bad pages are left as failures. Throws
 * `ConfluenceUnavailable` where it is Confluence that fails, not a page. Ids without an answer are simply not in the result.
 */
export async function fetchApart(
  apart: Apart,
  ids: readonly string[],
  tries = TRIES,
): Promise<readonly FetchedPage[]> {
  const answer = await apart.fetchChunk(ids, tries);
  if (answer.kind === 'got') return [...answer.pages, ...(await fetchAgain(apart, ids, answer.again))];
  const { reply } = answer;
  const [id] = ids;
  const alone = ids.length === 1;
  if (reply.kind === 'failing' && (alone || tries === TRIES) && !(await apart.isUp()))
    throw unavailable(reply, { what: `fetching ${alone ? `page ${id ?? ''}` : `${ids.length} pages`}` });
  if (!alone) return await fetchHalves(apart, ids);
  if (reply.kind === 'failing' && tries < TRIES) return await fetchApart(apart, ids, TRIES);
  return id === undefined ? [] : [pageFailure(id, reply)];
}

async function fetchHalves(apart: Apart, ids: readonly string[]): Promise<readonly FetchedPage[]> {
  const middle = Math.ceil(ids.length / 2);
  const left = await fetchApart(apart, ids.slice(0, middle), PART_TRIES);
  const right = await fetchApart(apart, ids.slice(middle), PART_TRIES);
  return [...left, ...right];
}

async function fetchAgain(
  apart: Apart,
  ids: readonly string[],
  again: readonly string[],
): Promise<readonly FetchedPage[]> {
  if (ids.length === 1) return [];
  const pages: FetchedPage[] = [];
  for (const id of again) pages.push(...(await fetchApart(apart, [id])));
  return pages;
}
