import { describePage } from './describe-page.ts';
import { isUnwantedSpace } from './is-unwanted-space.ts';
import type { Step } from './pack.ts';
import type { KnownPage, SourcePage } from './page.ts';
import type { Run } from './run.ts';
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
  for (let from = 0; from < ids.length; from += FETCH_SIZE) {
    const pages = await run.parts.source.fetchPages(ids.slice(from, from + FETCH_SIZE), signal);
    const { inside } = await takeInside(run, pages, known, signal);
    for (const page of inside) {
      // Absent: it went between the listing and now. The next complete listing will tell what became of it.
      if (page.kind === 'absent') continue;
      if (page.kind === 'page' && isUnwantedSpace(run, page.head.spaceKey)) continue;
      if (page.kind === 'failure') yield page;
      else yield takePage(run, page, page.head.version < (known.get(page.head.id)?.version ?? 0), tallyOf);
    }
  }
}

/** Counts a fetched page and makes it ready for the store. */
export function takePage(run: Run, page: SourcePage, wentBack: boolean, tallyOf: TallyOf): Step {
  tallyOf(page.head.spaceKey).fetched(1);
  return { kind: 'record', record: describePage(page, wentBack, run.parts.log) };
}
