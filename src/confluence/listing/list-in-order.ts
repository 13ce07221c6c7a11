import { ConfluenceUnavailable } from '../../sync/errors.ts';
import type { ListedPage, ListingEvent } from '../../sync/source.ts';
import type { ParsedRow } from '../parse/parsed-row.ts';
import { compareIds } from '../parse/read-content-id.ts';
import type { DeadLists } from './create-dead-lists.ts';
import { incomplete, listingEnd, refusal, type Flaw } from './listing-end.ts';
import { listedId, versionOf } from './newest-of.ts';
import type { WalkEvent } from './walk.ts';

/** What listing a space adds to walking its list. */
export type ListingParts = Readonly<{
  what: string;
  parse: (row: unknown, answer: Extract<WalkEvent, { kind: 'rows' }>) => ParsedRow;
  /** Called before a refused list ends as incomplete; throws where it means that the credentials were lost. */
  onRefused: (status: number) => Promise<void>;
  bodies: boolean;
}>;

/** The way on where a walk is blocked, or refused in its middle: lists what stands above `highest`, the last id that came, and ends the listing. */
export type WayOn = (
  highest: string | null,
  error: ConfluenceUnavailable,
) => AsyncGenerator<ListingEvent, void>;

/** What a listing that can be blocked needs beside. */
export type OrderedParts = ListingParts & Readonly<{ wayOn: WayOn; dead: DeadLists }>;

/** Answers in a row that may show nothing beyond what was seen before. */
export const MOST_BARREN = 10;

/**
 * Turns a walk into a listing by ascending id. A row that comes again is passed over unless it is newer; disorder and rows
 * without an id make the listing incomplete, but what comes after them is still listed.
 */
export async function* listInOrder(
  events: AsyncIterable<WalkEvent | Readonly<{ kind: 'restarted' }>>,
  parts: OrderedParts,
): AsyncGenerator<ListingEvent, void> {
  let flaw: Flaw | null = null;
  let last: ReadonlyMap<string, ListedPage> = new Map();
  let highest: string | null = null;
  let given: string | null = null;
  let barren = 0;
  for await (const event of events) {
    if (event.kind === 'restarted') given = highest;
    if (event.kind === 'restarted' || event.kind === 'hole') continue;
    if (event.kind === 'blocked') {
      yield* flawed(parts.wayOn(highest, event.error), flaw, parts);
      return;
    }
    if (event.kind === 'refused' && event.started) {
      await parts.onRefused(event.status);
      const error = new ConfluenceUnavailable(`${parts.what} broke off: ${refusal(event)}`);
      yield* flawed(parts.wayOn(highest, error), flaw, parts);
      return;
    }
    if (event.kind !== 'rows') {
      yield await listingEnd(event, flaw, parts);
      return;
    }

    if (event.rows.length > 0) parts.dead.revived();
    const read = readBatch(event, parts, last);
    // What was given before the walk began again comes first, and in the same order.
    const from = given;
    const pages =
      from === null ? read.pages : read.pages.filter((page) => compareIds(listedId(page), from) > 0);
    flaw ??= read.unusable === null ? null : { reason: read.unusable, single: pages.length > 0 };
    const first = pages.at(0);
    if (first !== undefined && highest !== null && compareIds(listedId(first), highest) <= 0)
      flaw ??= { reason: 'its pages did not come in the order of their ids', single: false };
    if (pages.length > 0) yield { kind: 'batch', pages };
    const top: string | null = highestOf(pages, highest);
    barren = top === highest && from === null ? barren + 1 : 0;
    if (barren >= MOST_BARREN) {
      yield incomplete(parts, 'it turned in circles');
      return;
    }

    if (top !== highest) given = null;
    highest = top;
    if (pages.length > 0) last = new Map(pages.map((page) => [listedId(page), page]));
  }
}

/** Gives a listing on with a flaw from before it began. */
async function* flawed(
  listing: AsyncIterable<ListingEvent>,
  flaw: Flaw | null,
  parts: ListingParts,
): AsyncGenerator<ListingEvent, void> {
  for await (const event of listing)
    if (event.kind === 'end' && event.complete && flaw !== null)
      yield incomplete(parts, flaw.reason, flaw.single);
    else yield event;
}

function highestOf(pages: readonly ListedPage[], before: string | null): string | null {
  const top = pages.at(-1);
  if (top === undefined) return before;
  return before === null || compareIds(listedId(top), before) > 0 ? listedId(top) : before;
}

/** The pages of an answer by ascending id, less those that came before, and why a row is none. */
export function readBatch(
  event: Extract<WalkEvent, { kind: 'rows' }>,
  parts: Pick<ListingParts, 'parse' | 'bodies'>,
  last: ReadonlyMap<string, ListedPage>,
): Readonly<{ pages: readonly ListedPage[]; unusable: string | null }> {
  const pages = new Map<string, ListedPage>();
  let unusable: string | null = null;
  for (const row of event.rows) {
    const parsed = parts.parse(row, event);
    if (parsed.kind === 'unusable') unusable = parsed.reason;
    if (parsed.kind === 'unusable' || parsed.kind === 'other') continue;
    const page = listed(parsed, parts.bodies);
    const known = pages.get(listedId(page)) ?? last.get(listedId(page));
    if (known === undefined || versionOf(page) > versionOf(known)) pages.set(listedId(page), page);
  }
  return { pages: [...pages.values()].sort((a, b) => compareIds(listedId(a), listedId(b))), unusable };
}

function listed(row: Exclude<ParsedRow, { kind: 'unusable' | 'other' }>, bodies: boolean): ListedPage {
  if (row.kind === 'failure') return row;
  const { head, storage, damaged } = row;
  return bodies && storage !== null && !damaged ? { kind: 'page', head, storage } : head;
}
