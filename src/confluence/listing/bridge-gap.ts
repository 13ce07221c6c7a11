import { slices } from '../fetching/slices.ts';
import type { PageFailure, SourcePage } from '../../sync/page.ts';
import type { FetchedPage, ListedPage, ListingEvent, StoredBetween } from '../../sync/source.ts';
import { compareIds } from '../parse/read-content-id.ts';
import { listedId, newestOf } from './newest-of.ts';

/** A piece of a list that cannot be read, between the ids next to it; null where nothing stands there. */
export type Gap = Readonly<{ after: string | null; before: string | null }>;

/** What closing a gap needs. */
export type BridgeParts = Readonly<{
  what: string;
  spaceKey: string;
  /** Fetches pages by id. */
  fetch: (ids: readonly string[]) => Promise<readonly FetchedPage[]>;
  /** Tells whether a page found by id is one that the list should have shown. */
  isListed: (page: SourcePage) => boolean;
  stored: StoredBetween;
  /** Ids that may be tried without knowing that there is anything. */
  most: number;
}>;

const SLICE = 200;

/**
 * Lists what stands in a gap by asking for the ids themselves: all of them where they are few, else those next to its borders
 * and those that are stored. A page that fails alone too comes as a failure. Returns true where every id was asked for.
 */
export async function* bridgeGap(gap: Gap, parts: BridgeParts): AsyncGenerator<ListingEvent, boolean> {
  const { ids, isWhole } = guesses(gap, parts.most);
  const tried = new Set<string>();
  for (const slice of slices(ids, SLICE)) yield* found(await tryIds(slice, parts, tried, false));
  if (isWhole) return true;
  for await (const known of parts.stored(gap.after, gap.before))
    for (const slice of slices(known, SLICE)) yield* found(await tryIds(slice, parts, tried, true));
  return false;
}

function* found(pages: readonly ListedPage[]): Generator<ListingEvent, void> {
  if (pages.length > 0) yield { kind: 'batch', pages };
}

/** Fetches ids that were not tried yet; what was only guessed and is refused is none of ours. */
export async function tryIds(
  ids: readonly string[],
  parts: Pick<BridgeParts, 'what' | 'spaceKey' | 'fetch' | 'isListed'>,
  tried: Set<string>,
  isKnown: boolean,
): Promise<readonly ListedPage[]> {
  const open = ids.filter((id) => !tried.has(id));
  for (const id of open) tried.add(id);
  const pages: ListedPage[] = [];
  for (const page of open.length === 0 ? [] : await parts.fetch(open)) {
    if (page.kind === 'page' && parts.isListed(page)) pages.push(page);
    if (page.kind !== 'failure') continue;
    const isElsewhere = page.spaceKey !== '' && page.spaceKey !== parts.spaceKey;
    const isRefused = page.code.startsWith('http_4');
    if (!isElsewhere && (isKnown || !isRefused)) pages.push(failureOf(page, parts));
  }
  return newestOf(pages).toSorted((a, b) => compareIds(listedId(a), listedId(b)));
}

function failureOf(
  page: PageFailure,
  { what, spaceKey }: Pick<BridgeParts, 'what' | 'spaceKey'>,
): PageFailure {
  if (page.spaceKey !== '') return page;
  const message = `${what} fails at page ${page.id}, and so does fetching it (${page.code}): Confluence gives the others`;
  return { ...page, spaceKey, stage: 'parse', code: 'listing_failed', message };
}

function guesses(gap: Gap, most: number): Readonly<{ ids: readonly string[]; isWhole: boolean }> {
  const after = gap.after === null ? null : BigInt(gap.after);
  const before = gap.before === null ? null : BigInt(gap.before);
  if (after !== null && before !== null && before - after - 1n <= BigInt(most))
    return { ids: between(after, before), isWhole: before - after > 1n };
  // Ids of one space often stand close together: the row next to a border is worth a look.
  const near = BigInt(Math.floor(most / 4));
  const low = after === null ? [] : between(after, after + near);
  const high = before === null ? [] : between(before > near ? before - near : 0n, before);
  return { ids: [...low, ...high], isWhole: false };
}

function between(after: bigint, before: bigint): readonly string[] {
  const ids: string[] = [];
  for (let id = after + 1n; id < before; id++) ids.push(String(id));
  return ids;
}
