import type { ListedPage, ListingEvent } from '../../sync/source.ts';
import type { ParsedRow } from '../parse/parsed-row.ts';
import { createRecent } from './create-recent.ts';
import type { ListingParts } from './list-in-order.ts';
import { incomplete, listingEnd } from './listing-end.ts';
import { newestOf } from './newest-of.ts';
import type { WalkEvent } from './walk.ts';

/** Answers in a row that may show nothing but what was seen before. */
const MOST_BARREN = 10;
/** Rows to tell a circle by; a longer one is not told from a long list. */
const REMEMBERED = 100_000;

/**
 * Turns a walk by falling time of change into a listing of heads. Rows out of order are no flaw: what changes during the walk
 * moves. A walk that shows nothing new for a while turns in circles and ends as incomplete. So does one with a row without an id,
 * right there: whoever stops reading further back must not take it for a change that was read; and one whose answers should overlap
 * and do not.
 */
export async function* listByTime(
  events: AsyncIterable<WalkEvent>,
  parts: Omit<ListingParts, 'bodies'>,
): AsyncGenerator<ListingEvent, void> {
  const seen = createRecent(REMEMBERED);
  const ids = createRecent(REMEMBERED);
  let last: string | null = null;
  let barren = 0;
  for await (const event of events) {
    if (event.kind === 'hole') {
      yield incomplete(parts, event.error.message);
      return;
    }
    if (event.kind !== 'rows') {
      yield await listingEnd(event, null, parts);
      return;
    }

    const answer = event.rows.map((row) => parts.parse(row, event));
    const first = idOf(answer[0]);
    if (event.overlaps === true && first !== null && ids.add(first)) {
      yield incomplete(parts, 'rows went while it was read, and others may have been passed over');
      return;
    }
    const parsed = event.overlaps === true && first !== null && first === last ? answer.slice(1) : answer;
    for (const id of parsed.map(idOf)) if (id !== null) ids.add(id);
    last = idOf(answer.at(-1));
    const flaw = parsed.findIndex((row) => row.kind === 'unusable');
    const rows = flaw < 0 ? parsed : parsed.slice(0, flaw);
    const pages = newestOf(rows.map(headOf).filter((page) => page !== null));
    if (pages.length > 0) yield { kind: 'batch', pages };
    if (flaw >= 0) {
      yield incomplete(parts, 'a row has no usable id');
      return;
    }
    const news = rows.filter((row) => row.kind !== 'unusable' && seen.add(nameOf(row)));
    barren = event.rows.length > 0 && news.length === 0 ? barren + 1 : 0;
    if (barren >= MOST_BARREN) {
      yield incomplete(parts, 'it turned in circles');
      return;
    }
  }
}

function idOf(row: ParsedRow | undefined): string | null {
  if (row === undefined || row.kind === 'unusable') return null;
  return row.kind === 'live' ? row.head.id : row.id;
}

function headOf(row: ParsedRow): ListedPage | null {
  if (row.kind === 'unusable' || row.kind === 'other') return null;
  return row.kind === 'failure' ? row : row.head;
}

function nameOf(row: Exclude<ParsedRow, { kind: 'unusable' }>): string {
  return row.kind === 'live' ? `${row.head.id} ${row.head.version}` : row.id;
}
