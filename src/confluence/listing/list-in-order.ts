import type { ListedPage, ListingEvent } from '../../sync/source.ts';
import type { ParsedRow } from '../parse/parsed-row.ts';
import { compareIds } from '../parse/read-content-id.ts';
import { incomplete, listingEnd } from './listing-end.ts';
import type { WalkEvent } from './walk.ts';

/** What listing a space adds to walking its list. */
export type ListingParts = Readonly<{
  what: string;
  parse: (row: unknown, answer: Extract<WalkEvent, { kind: 'rows' }>) => ParsedRow;
  /** Called before a refused list ends as incomplete; throws where it means that the credentials were lost. */
  onRefused: (status: number) => Promise<void>;
  bodies: boolean;
}>;

/** Answers in a row that may show nothing beyond what was seen before. */
const MOST_BARREN = 10;

/**
 * Turns a walk into a listing by ascending id. A row that comes again is passed over unless it is newer; disorder and rows
 * without an id make the listing incomplete, but what comes after them is still listed.
 */
export async function* listInOrder(
  events: AsyncIterable<WalkEvent>,
  parts: ListingParts,
): AsyncGenerator<ListingEvent, void> {
  let flaw: string | null = null;
  let last: ReadonlyMap<string, ListedPage> = new Map();
  let highest: string | null = null;
  let barren = 0;
  for await (const event of events) {
    if (event.kind !== 'rows') {
      yield await listingEnd(event, flaw, parts);
      return;
    }

    const { pages, unusable } = readBatch(event, parts, last);
    flaw ??= unusable;
    const first = pages.at(0);
    if (first !== undefined && highest !== null && compareIds(idOf(first), highest) <= 0)
      flaw ??= 'its pages did not come in the order of their ids';
    if (pages.length > 0) yield { kind: 'batch', pages };
    const top: string | null = highestOf(pages, highest);
    barren = top === highest ? barren + 1 : 0;
    if (barren >= MOST_BARREN) {
      yield incomplete(parts, 'it turned in circles');
      return;
    }

    highest = top;
    if (pages.length > 0) last = new Map(pages.map((page) => [idOf(page), page]));
  }
}

function highestOf(pages: readonly ListedPage[], before: string | null): string | null {
  const top = pages.at(-1);
  if (top === undefined) return before;
  return before === null || compareIds(idOf(top), before) > 0 ? idOf(top) : before;
}

function readBatch(
  event: Extract<WalkEvent, { kind: 'rows' }>,
  parts: ListingParts,
  last: ReadonlyMap<string, ListedPage>,
) {
  const pages = new Map<string, ListedPage>();
  let unusable: string | null = null;
  for (const row of event.rows) {
    const parsed = parts.parse(row, event);
    if (parsed.kind === 'unusable') unusable = parsed.reason;
    if (parsed.kind === 'unusable' || parsed.kind === 'other') continue;
    const page = listed(parsed, parts.bodies);
    const known = pages.get(idOf(page)) ?? last.get(idOf(page));
    if (known === undefined || versionOf(page) > versionOf(known)) pages.set(idOf(page), page);
  }
  return { pages: [...pages.values()].sort((a, b) => compareIds(idOf(a), idOf(b))), unusable };
}

function listed(row: Exclude<ParsedRow, { kind: 'unusable' | 'other' }>, bodies: boolean): ListedPage {
  if (row.kind === 'failure') return row;
  const { head, storage, damaged } = row;
  return bodies && storage !== null && !damaged ? { kind: 'page', head, storage } : head;
}

function idOf(page: ListedPage): string {
  return page.kind === 'page' ? page.head.id : page.id;
}

function versionOf(page: ListedPage): number {
  return (page.kind === 'page' ? page.head.version : page.version) ?? -1;
}
