import type { ListedPage, ListingEvent } from '../../sync/source.ts';
import type { ParsedRow } from '../parse/parsed-row.ts';
import { compareIds } from '../parse/read-content-id.ts';
import { slices } from '../fetching/slices.ts';
import { bridgeGap, tryIds, type BridgeParts, type Gap } from './bridge-gap.ts';
import type { DeadLists } from './create-dead-lists.ts';
import { incomplete, type Flaw } from './listing-end.ts';
import { listedId, versionOf } from './newest-of.ts';
import { noneStored } from './none-stored.ts';
import type { WalkEvent } from './walk.ts';

/** What a gathered listing needs beside its walk. */
export type GatherParts = Readonly<{
  what: string;
  parse: (row: unknown, answer: Extract<WalkEvent, { kind: 'rows' }>) => ParsedRow;
  /** Asked where the list is empty: an empty list of nothing proves nothing. */
  isThere: () => Promise<boolean>;
  /** The id behind which the list is wanted; null for all of it. */
  after: string | null;
  bridge: BridgeParts;
  dead: DeadLists;
}>;

const BATCH = 200;
/** Stored pages that a list with holes did not show and that are asked for by id. */
const MOST_STORED = 2000;

type Gathered = {
  readonly pages: Map<string, ListedPage>;
  /** Between which rows of the list one was stepped over. */
  readonly holes: Gap[];
  flaw: Flaw | null;
};

/**
 * Reads a list whose order is not known whole, heads only, and gives it by ascending id. Rows shift while such a list is paged,
 * so one that comes again is normal: the highest version counts, and an answer with nothing new is the end. What stands in
 * the holes of the list is looked for by id.
 */
export async function* listGathered(
  events: AsyncIterable<WalkEvent>,
  parts: GatherParts,
): AsyncGenerator<ListingEvent, void> {
  const gathered = await gather(events, parts);
  const { pages } = gathered;
  if (gathered.flaw === null && gathered.holes.length > 0) await fillHoles(gathered, parts);
  if (gathered.flaw === null && pages.size === 0 && !(await parts.isThere()))
    gathered.flaw = { reason: 'the space may not be seen any more', single: false };
  const wanted = [...pages.values()].filter((page) => isBehind(listedId(page), parts.after));
  const ordered = wanted.sort((a, b) => compareIds(listedId(a), listedId(b)));
  for (const batch of slices(ordered, BATCH)) yield { kind: 'batch', pages: batch };
  const { flaw } = gathered;
  yield flaw === null ? { kind: 'end', complete: true } : incomplete(parts, flaw.reason, flaw.single);
}

async function gather(events: AsyncIterable<WalkEvent>, parts: GatherParts): Promise<Gathered> {
  const gathered: Gathered = { pages: new Map(), holes: [], flaw: null };
  let last: string | null = null;
  let open = false;
  for await (const event of events) {
    if (event.kind === 'hole') {
      gathered.holes.push({ after: last, before: null });
      open = true;
      continue;
    }
    if (event.kind !== 'rows') {
      endOf(event, gathered, parts);
      break;
    }
    if (event.rows.length > 0) parts.dead.revived();
    const before = gathered.pages.size;
    const ids = event.rows.map((row) => take(parts.parse(row, event), gathered)).filter((id) => id !== null);
    const [first] = ids;
    if (open && first !== undefined) {
      gathered.holes.push({ after: gathered.holes.pop()?.after ?? null, before: first });
      open = false;
    }
    last = ids.at(-1) ?? last;
    if (event.rows.length > 0 && gathered.pages.size === before) break;
  }
  return gathered;
}

function endOf(
  event: Exclude<WalkEvent, { kind: 'rows' | 'hole' }>,
  gathered: Gathered,
  parts: GatherParts,
): void {
  if (event.kind === 'end') return;
  if (event.kind === 'blocked' && gathered.pages.size === 0) parts.dead.died(event.error);
  gathered.flaw ??= { reason: reasonOf(event), single: false };
}

function reasonOf(event: Exclude<WalkEvent, { kind: 'rows' | 'hole' | 'end' }>): string {
  switch (event.kind) {
    case 'broken':
      return event.reason;
    case 'blocked':
      return event.error.message;
    case 'refused':
      return `Confluence refused it (HTTP ${event.status}); the space may not be seen any more`;
  }
}

/** Keeps a row and returns its id; a row that cannot be read at all leaves a flaw. */
function take(row: ParsedRow, gathered: Gathered): string | null {
  const { pages } = gathered;
  if (row.kind === 'unusable') gathered.flaw ??= { reason: row.reason, single: true };
  if (row.kind === 'unusable' || row.kind === 'other') return row.kind === 'other' ? row.id : null;
  const page = row.kind === 'failure' ? row : row.head;
  const known = pages.get(page.id);
  if (known === undefined || versionOf(page) > versionOf(known)) pages.set(page.id, page);
  return page.id;
}

/** Looks for as many pages as there are holes: next to their neighbours, then among the stored ones that did not show. */
async function fillHoles(gathered: Gathered, parts: GatherParts): Promise<void> {
  const { pages, holes } = gathered;
  const wanted = pages.size + holes.length;
  const tried = new Set(pages.keys());
  for (const hole of holes) {
    const isAscending =
      hole.after === null || hole.before === null || compareIds(hole.after, hole.before) < 0;
    if (!isAscending) continue;
    for await (const event of bridgeGap(hole, { ...parts.bridge, stored: noneStored }))
      if (event.kind === 'batch') for (const page of event.pages) pages.set(listedId(page), page);
  }
  for await (const known of parts.bridge.stored(parts.after, null)) {
    if (pages.size >= wanted || tried.size > wanted + MOST_STORED) break;
    for (const page of await tryIds(known, parts.bridge, tried, true)) pages.set(listedId(page), page);
  }
  if (pages.size < wanted)
    gathered.flaw = { reason: `Confluence fails on ${wanted - pages.size} of its rows`, single: true };
}

function isBehind(id: string, after: string | null): boolean {
  return after === null || compareIds(id, after) > 0;
}
