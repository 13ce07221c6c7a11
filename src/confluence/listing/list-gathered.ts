import type { ListedPage, ListingEvent } from '../../sync/source.ts';
import type { ParsedRow } from '../parse/parsed-row.ts';
import { compareIds } from '../parse/read-content-id.ts';
import { slices } from '../fetching/slices.ts';
import type { WalkEvent } from './walk.ts';

/** What a gathered listing needs beside its walk. */
export type GatherParts = Readonly<{
  what: string;
  parse: (row: unknown, answer: Extract<WalkEvent, { kind: 'rows' }>) => ParsedRow;
  /** Asked where the list is empty: an empty list of nothing proves nothing. */
  isThere: () => Promise<boolean>;
}>;

const BATCH = 200;

/**
 * Reads a list whose order is not known whole, heads only, and gives it by ascending id. Rows shift while such a list is paged,
 * so one that comes again is normal: the highest version counts, and an answer with nothing new is the end.
 */
export async function* listGathered(
  events: AsyncIterable<WalkEvent>,
  parts: GatherParts,
): AsyncGenerator<ListingEvent, void> {
  const pages = new Map<string, Exclude<ListedPage, { kind: 'page' }>>();
  let reason: string | null = null;
  for await (const event of events) {
    if (event.kind === 'end') break;
    if (event.kind === 'broken') reason ??= event.reason;
    if (event.kind === 'refused')
      reason ??= `Confluence refused it (HTTP ${event.status}); the space may not be seen any more`;
    if (event.kind !== 'rows') break;
    const before = pages.size;
    for (const row of event.rows) reason = take(parts.parse(row, event), pages) ?? reason;
    if (event.rows.length > 0 && pages.size === before) break;
  }
  if (reason === null && pages.size === 0 && !(await parts.isThere()))
    reason = 'the space may not be seen any more';
  const ordered = [...pages.values()].sort((a, b) => compareIds(a.id, b.id));
  for (const batch of slices(ordered, BATCH)) yield { kind: 'batch', pages: batch };
  yield reason === null
    ? { kind: 'end', complete: true }
    : { kind: 'end', complete: false, reason: `${parts.what} broke off: ${reason}` };
}

/** Keeps a row; returns why the list cannot be whole where the row cannot be read at all. */
function take(row: ParsedRow, pages: Map<string, Exclude<ListedPage, { kind: 'page' }>>): string | null {
  if (row.kind === 'unusable') return row.reason;
  if (row.kind === 'other') return null;
  const page = row.kind === 'failure' ? row : row.head;
  const known = pages.get(page.id);
  if (known === undefined || (page.version ?? -1) > (known.version ?? -1)) pages.set(page.id, page);
  return null;
}
