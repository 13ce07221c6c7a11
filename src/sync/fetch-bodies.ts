import { condemn, slicesOf, watched } from './crashes.ts';
import { describePage } from './describe-page.ts';
import { isUnwantedSpace } from './is-unwanted-space.ts';
import type { Step } from './pack.ts';
import type { KnownPage, PageFailure, SourcePage } from './page.ts';
import type { Run } from './run.ts';
import type { FetchedPage } from './source.ts';
import { takeInside } from './take-inside.ts';
import type { TallyOf } from './tally.ts';

/** Ids asked of Confluence at a time: bounds the bodies in memory. */
const FETCH_SIZE = 200;

/** What is known of a page before it is fetched. */
type Told = Pick<PageFailure, 'spaceKey' | 'title' | 'version'>;

/**
 * Fetches pages by id and makes them ready for the store. One that went or left the wanted part meanwhile yields nothing; one that
 * fails without a word on its space is in the one it was told to be in.
 */
export async function* fetchBodies(
  run: Run,
  ids: readonly string[],
  known: ReadonlyMap<string, KnownPage>,
  tallyOf: TallyOf,
  signal: AbortSignal,
  told: ReadonlyMap<string, Told> = known,
): AsyncGenerator<Step> {
  const open = ids.filter((id) => {
    const { spaceKey = '', title = null, version = null } = told.get(id) ?? {};
    return !condemn(run, { id, spaceKey, title, version });
  });
  for (const slice of slicesOf(run, open, FETCH_SIZE)) {
    const steps = await watched(run, slice, async () => {
      const pages = await run.parts.source.fetchPages(slice, signal);
      const { inside } = await takeInside(run, pages, known, signal);
      return inside.map((page) => takeFetched(run, page, known, tallyOf)).filter((step) => step !== null);
    });
    for (const step of steps) yield placed(step, told);
  }
}

function placed(step: Step, told: ReadonlyMap<string, Told>): Step {
  if (step.kind !== 'failure' || step.spaceKey !== '') return step;
  const page = told.get(step.id);
  if (page === undefined) return step;
  return {
    ...step,
    spaceKey: page.spaceKey,
    title: step.title ?? page.title,
    version: step.version ?? page.version,
  };
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
