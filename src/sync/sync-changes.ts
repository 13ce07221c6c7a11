import { ahead } from './ahead.ts';
import { compare } from './compare.ts';
import { cleanHead } from './describe-page.ts';
import { ConfluenceUnavailable } from './errors.ts';
import { fetchBodies } from './fetch-bodies.ts';
import { idOf, judgeListed } from './judge-listed.ts';
import { loadPack } from './load-pack.ts';
import { emptyPack, pack, type Step } from './pack.ts';
import type { KnownPage, Space } from './page.ts';
import type { Run, SpaceRun } from './run.ts';
import type { ListedPage, ListingEvent } from './source.ts';
import { takeInside } from './take-inside.ts';
import type { TallyOf } from './tally.ts';

/**
 * How far before the watermark a walk goes: an edit can show in a list some minutes after its own time (search indexes lag,
 * clocks of a cluster differ). Pages met again cost one comparison, and no request of their own unless one of them shows such an
 * edit: what an answer holds beyond the watermark comes with it.
 */
const OVERLAP_MS = 15 * 60_000;
/** Bodies that one request can bring from any deployment. */
const BODIES = 50;
/** Rows read at a time. */
const ROWS = 250;
/** A site that is edited faster than its first page can be read is left to the next run. */
const MAX_LOOKS = 5;

/**
 * A walk back in time; `newest` is the latest time met, `broken` why it ended early, `handled` which state of which page this run
 * has already taken in, `repeated` whether it met such a state again. It goes back to `since` at most, and beyond `known`, up to
 * which all changes were read before, only while it finds changes there.
 */
type Walk = {
  readonly since: number;
  readonly known: number;
  readonly handled: Map<string, string>;
  newest: number;
  batches: number;
  repeated: boolean;
  broken: string | null;
};

/**
 * Brings spaces up to date by reading changes, newest first, until they are older than every space's watermark. Where that
 * took more than one answer, the first one may be read again until it shows nothing newer: a page edited in mid-walk jumps past
 * the reader. The watermark is Confluence's time, and moves only when all of that is stored or in quarantine.
 * Returns why the changes could not be read, and null when they were.
 */
export async function syncChanges(run: Run, states: readonly SpaceRun[]): Promise<string | null> {
  const oldest = Math.min(...states.map((state) => state.watermarkBefore?.getTime() ?? 0));
  const handled = new Map<string, string>();
  let [since, newest] = [oldest - OVERLAP_MS, oldest];
  for (let look = 1; look <= MAX_LOOKS; look++) {
    const walk: Walk = {
      since,
      known: look === 1 ? oldest : since,
      newest,
      handled,
      batches: 0,
      repeated: false,
      broken: null,
    };
    await walkBack(run, states, walk);
    if (walk.broken !== null) return walk.broken;
    const showedNothingNewer = look > 1 && walk.newest <= newest;
    since = newest = Math.max(newest, walk.newest);
    if (showedNothingNewer || !(await mayHaveJumped(run, walk))) break;
  }
  await moveWatermarks(run, states, notAhead(run, newest));
  return null;
}

/**
 * Tells whether a page that was edited in mid-walk can have jumped past the reader. A list paged by numbers of rows shows it: all
 * rows in between shift by one, and the next answer begins with a row that came before. A list paged by cursor shows nothing.
 */
async function mayHaveJumped(run: Run, walk: Walk): Promise<boolean> {
  if (walk.batches <= 1) return false;
  return walk.repeated || (await run.parts.source.site(run.signal)).deployment === 'cloud';
}

/** The newest change of the spaces; null where Confluence does not say. A listing does not need it, so its search may be down. */
export async function findNewestChange(run: Run, spaces: readonly Space[]): Promise<Date | null> {
  try {
    return await readNewestChange(run, spaces);
  } catch (error) {
    if (run.signal.aborted || !(error instanceof ConfluenceUnavailable)) throw error;
    run.parts.log.warn({ runId: run.runId, reason: error.message }, 'newest change not known');
    return null;
  }
}

async function readNewestChange(run: Run, spaces: readonly Space[]): Promise<Date | null> {
  for await (const event of run.parts.source.listChanges(spaces, run.signal)) {
    if (event.kind === 'end') return null;
    const times = event.pages.map(timeOf).filter((time) => time !== null);
    if (times.length > 0) return notAhead(run, Math.max(...times));
  }
  return null;
}

/**
 * A page dated in the future must not hide what changes until then: the watermark stays at our own time at most. A clock of ours
 * that is behind only makes the next walk longer.
 */
export function notAhead(run: Run, time: number): Date {
  return new Date(Math.min(time, run.parts.clock.now().getTime()));
}

/** Tries pages in quarantine again that the walk did not meet. */
export async function retryQuarantined(run: Run, states: readonly SpaceRun[]): Promise<void> {
  const keys = new Set(states.map((state) => state.space.key));
  const due = [...run.quarantined.values()]
    .filter((page) => keys.has(page.spaceKey) && !run.parked.has(page.id))
    .map((page) => page.id);
  // A page may come out of quarantine older than it is stored, and only its row tells.
  const known = await readKnown(run, due);
  const steps = fetchBodies(run, due, known, tallyOf(states), run.signal);
  for await (const packed of pack(steps, run.request.batchSize))
    await loadPack(run, packed, null, tallyOf(states));
}

async function readKnown(run: Run, ids: readonly string[]): Promise<ReadonlyMap<string, KnownPage>> {
  const known = new Map<string, KnownPage>();
  for (let from = 0; from < ids.length; from += ROWS) {
    const rows = await run.parts.reader.known({ ids: ids.slice(from, from + ROWS), range: null });
    for (const row of rows) known.set(row.id, row);
  }
  return known;
}

async function walkBack(run: Run, states: readonly SpaceRun[], walk: Walk): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  try {
    const steps = changedPages(run, states, walk, signal);
    for await (const packed of ahead(pack(steps, run.request.batchSize)))
      await loadPack(run, packed, null, tallyOf(states));
  } finally {
    stop.abort();
  }
}

/** Judges what the walk meets. What fills no request for bodies waits for the next answer, which is not a multiple of it either. */
async function* changedPages(
  run: Run,
  states: readonly SpaceRun[],
  walk: Walk,
  signal: AbortSignal,
): AsyncGenerator<Step> {
  let waiting: readonly ListedPage[] = [];
  for await (const pages of recentPages(run, states, walk, signal)) {
    const all = [...waiting, ...pages];
    const whole = all.length < BODIES ? all.length : all.length - (all.length % BODIES);
    waiting = all.slice(whole);
    yield* judgeRecent(run, states, all.slice(0, whole), signal);
  }
  yield* judgeRecent(run, states, waiting, signal);
}

async function* judgeRecent(
  run: Run,
  states: readonly SpaceRun[],
  pages: readonly ListedPage[],
  signal: AbortSignal,
): AsyncGenerator<Step> {
  if (pages.length === 0) return;
  const rows = await run.parts.reader.known({ ids: pages.map(idOf), range: null });
  const known = new Map(rows.map((row) => [row.id, row]));
  const { inside } = await takeInside(run, pages, known, signal);
  yield* judgeListed(run, inside, known, tallyOf(states), signal);
}

/** What changed since the walk's end and was not taken in yet, an answer at a time. */
async function* recentPages(
  run: Run,
  states: readonly SpaceRun[],
  walk: Walk,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedPage[]> {
  const keys = new Set(states.map((state) => state.space.key));
  const spaces = states.map((state) => state.space);
  for await (const event of run.parts.source.listChanges(spaces, signal)) {
    if (event.kind === 'end') {
      if (!event.complete) walk.broken = event.reason;
      return;
    }
    walk.batches++;
    const recent = event.pages.filter((page) => keys.has(spaceKeyOf(page)) && isSince(page, walk.since));
    const pages = recent.filter((page) => walk.handled.get(idOf(page)) !== stateMark(page));
    if (pages.length < recent.length) walk.repeated = true;
    for (const page of pages) walk.handled.set(idOf(page), stateMark(page));
    for (const page of recent) walk.newest = Math.max(walk.newest, timeOf(page) ?? 0);
    yield pages;
    if (reachesBack(event, walk.since)) return;
    if (reachesBack(event, walk.known) && !(await hasLateNews(run, recent, walk.known))) return;
  }
}

/** Tells whether one of these pages changed at a time of which all changes seemed to be known. */
async function hasLateNews(run: Run, pages: readonly ListedPage[], known: number): Promise<boolean> {
  const late = pages.filter(
    (page) => (timeOf(page) ?? known) < known && !run.quarantinedBefore.has(idOf(page)),
  );
  const rows = await readKnown(run, late.map(idOf));
  return late.some(
    (page) => page.kind === 'head' && compare(cleanHead(page), rows.get(page.id)) !== 'nothing',
  );
}

function reachesBack({ pages }: Extract<ListingEvent, { kind: 'batch' }>, since: number): boolean {
  const times = pages.map(timeOf).filter((time) => time !== null);
  return times.length > 0 && Math.min(...times) < since;
}

/** Tells one state of a page from another, as far as a list shows it. */
function stateMark(page: ListedPage): string {
  if (page.kind === 'failure') return `failed ${page.code}`;
  const { version, spaceKey, parentId, status } = page.kind === 'page' ? page.head : page;
  return [version, timeOf(page), spaceKey, parentId, status].join(' ');
}

function isSince(page: ListedPage, since: number): boolean {
  return (timeOf(page) ?? since) >= since;
}

function timeOf(page: ListedPage): number | null {
  if (page.kind === 'failure') return null;
  return (page.kind === 'page' ? page.head : page).lastUpdated.getTime();
}

function spaceKeyOf(page: ListedPage): string {
  return page.kind === 'page' ? page.head.spaceKey : page.spaceKey;
}

/** A page counts in its own space, or, where its answer does not tell one of the walk's, in the first. */
function tallyOf(states: readonly SpaceRun[]): TallyOf {
  const byKey = new Map(states.map((state) => [state.space.key, state.tally]));
  return (spaceKey) => {
    const tally = byKey.get(spaceKey) ?? states[0]?.tally;
    if (tally === undefined) throw new TypeError('a walk without spaces counts nothing');
    return tally;
  };
}

async function moveWatermarks(run: Run, states: readonly SpaceRun[], watermark: Date): Promise<void> {
  for (const state of states) {
    state.finished = true;
    const { key, name, status } = state.space;
    if (state.watermarkBefore !== null && watermark > state.watermarkBefore)
      await loadPack(run, emptyPack(), { key, name, status, watermark }, tallyOf(states));
  }
}
