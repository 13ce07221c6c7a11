import { crashFailureOf, slicesOf, watched } from './crashes.ts';
import { describePage } from './describe-page.ts';
import { isUnwantedSpace } from './is-unwanted-space.ts';
import type { Step } from './pack.ts';
import type { KnownPage, SourcePage } from './page.ts';
import type { Run } from './run.ts';
import type { FetchedPage } from './source.ts';
import { takeInside } from './take-inside.ts';
import type { TallyOf } from './tally.ts';

/** Ids asked of Confluence at a time: bounds the bodies in memory. */
const FETCH_SIZE = 200;

/** Fetches pages by id and makes them ready for the store. One that went or left the wanted part meanwhile yields nothing. */
export async function* fetchBodies(
  run: Run,
  ids: readonly string[],
  known: ReadonlyMap<string, Pick<KnownPage, 'version' | 'deleted'>>,
  tallyOf: TallyOf,
  signal: AbortSignal,
): AsyncGenerator<Step> {
  const open: string[] = [];
  for (const id of ids) {
    const failure = crashFailureOf(run, { id, spaceKey: '', title: null, version: null });
    if (failure === null) open.push(id);
    else yield failure;
  }
  for (const slice of slicesOf(run, open, FETCH_SIZE)) {
    const steps = await watched(run, slice, async () => {
      const pages = await run.parts.source.fetchPages(slice, signal);
      const { inside } = await takeInside(run, pages, known, signal);
      return inside.map((page) => takeFetched(run, page, known, tallyOf)).filter((step) => step !== null);
    });
    yield* steps;
  }
}

function takeFetched(
  run: Run,
  page: FetchedPage,
  known: ReadonlyMap<string, Pick<KnownPage, 'version'>>,
  tallyOf: TallyOf,
): Step | null {
  // Absent: it went between the listing and now. The next complete listing will tell what became of it.
  if (page.kind === 'absent') return null;
  if (page.kind === 'failure') return page;
  if (isUnwantedSpace(run, page.head.spaceKey)) return null;
  return takePage(run, page, page.head.version < (known.get(page.head.id)?.version ?? 0), tallyOf);
}

/** Counts a fetched page and makes it ready for the store. */
export function takePage(run: Run, page: SourcePage, wentBack: boolean, tallyOf: TallyOf): Step {
  tallyOf(page.head.spaceKey).fetched(1);
  return { kind: 'record', record: describePage(page, wentBack, run.parts.log) };
}
