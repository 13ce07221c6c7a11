import { idOf, judgeListed } from './judge-listed.ts';
import type { Step } from './pack.ts';
import type { KnownPage } from './page.ts';
import { comparePageIds } from './page-id.ts';
import type { Run, SpaceRun } from './run.ts';
import type { ListedPage, StoredBetween } from './source.ts';
import { takeInside } from './take-inside.ts';

/** Stored pages read at a time beyond the listed ones. */
const RANGE_SIZE = 1000;

/**
 * Walks a space's listing beside the table, both by ascending id, and yields what has to be written. Unchanged pages are
 * counted and go no further; stored pages that the listing passed over are gathered in `state.missing`.
 */
export async function* listSpace(run: Run, state: SpaceRun, signal: AbortSignal): AsyncGenerator<Step> {
  // Below root pages a space is mostly passed over: bodies are fetched for what is wanted of it.
  const bodies = state.pagesBefore === 0 && run.request.scope.rootPages.length === 0 && !run.afterCrash;
  let after: string | null = null;
  const stored: StoredBetween = (after, before) => storedBetween(run, state, after, before);
  for await (const event of run.parts.source.listPages(state.space, { bodies, stored }, signal)) {
    if (event.kind === 'end') {
      if (event.note !== undefined && !run.notes.includes(event.note)) run.notes.push(event.note);
      if (!event.complete) breakOff(state, event.reason);
      if (!event.complete) state.readOn = event.readOn === true;
      break;
    }
    if (event.pages.length === 0) continue;
    const last = highestId(event.pages);
    if (after !== null && event.pages.some((page) => comparePageIds(idOf(page), after ?? '') <= 0))
      breakOff(state, 'the listing did not come in the order of ids');
    const known = await lookUp(run, state, event.pages, after, last);
    for (const page of event.pages) noteTime(state, page);
    const { inside, outside } = await takeInside(run, event.pages, known, signal);
    for (const page of outside) if (known.has(idOf(page))) state.missing.push(idOf(page));
    yield* judgeListed(run, inside, known, () => state.tally, signal);
    if (after === null || comparePageIds(last, after) > 0) after = last;
  }
  if (state.listing === 'complete') await gatherMissing(run, state, after, null, new Set());
}

/** Gathers every stored page of a space that has no listing any more. */
export async function gatherSpace(run: Run, state: SpaceRun): Promise<void> {
  await gatherMissing(run, state, null, null, new Set());
}

/** The ids of a space's stored pages between two ids, as the table has them now. */
async function* storedBetween(
  run: Run,
  { space }: SpaceRun,
  after: string | null,
  before: string | null,
): AsyncGenerator<readonly string[], void> {
  for (let from = after; ;) {
    const range = { spaceKey: space.key, after: from, upTo: before, limit: RANGE_SIZE };
    const rows = await run.parts.reader.known({ ids: [], range });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => row.id).filter((id) => id !== before);
    if (rows.length < RANGE_SIZE) return;
    from = last.id;
  }
}

function breakOff(state: SpaceRun, reason: string): void {
  state.listing = 'incomplete';
  state.reason ??= reason;
}

function highestId(pages: readonly ListedPage[]): string {
  return pages.map(idOf).reduce((highest, id) => (comparePageIds(id, highest) > 0 ? id : highest));
}

/** Reads the listed pages' rows, and in the same query what the space holds between the last batch and this one. */
async function lookUp(
  run: Run,
  state: SpaceRun,
  pages: readonly ListedPage[],
  after: string | null,
  upTo: string,
): Promise<ReadonlyMap<string, KnownPage>> {
  const ids = new Set(pages.map(idOf));
  const range = { spaceKey: state.space.key, after, upTo, limit: RANGE_SIZE + ids.size };
  const rows = await run.parts.reader.known({ ids: [...ids], range });
  const unlisted = rows.filter((row) => !ids.has(row.id));
  noteMissing(state, unlisted);
  const last = unlisted.at(-1);
  // Fewer than this cannot have been cut off: every other row of the range is one of the listed ids.
  if (last !== undefined && unlisted.length >= RANGE_SIZE)
    await gatherMissing(run, state, last.id, upTo, ids);
  return new Map(rows.map((row) => [row.id, row]));
}

async function gatherMissing(
  run: Run,
  state: SpaceRun,
  after: string | null,
  upTo: string | null,
  listed: ReadonlySet<string>,
): Promise<void> {
  for (let from = after; ;) {
    const range = { spaceKey: state.space.key, after: from, upTo, limit: RANGE_SIZE };
    const rows = await run.parts.reader.known({ ids: [], range });
    noteMissing(
      state,
      rows.filter((row) => !listed.has(row.id)),
    );
    const last = rows.at(-1);
    if (last === undefined || rows.length < RANGE_SIZE) return;
    from = last.id;
  }
}

function noteMissing(state: SpaceRun, rows: readonly KnownPage[]): void {
  for (const row of rows) state.missing.push(row.id);
}

function noteTime(state: SpaceRun, page: ListedPage): void {
  const time = page.kind === 'failure' ? null : (page.kind === 'page' ? page.head : page).lastUpdated;
  if (time !== null && (state.watermark === null || time > state.watermark)) state.watermark = time;
}
