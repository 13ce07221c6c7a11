import { describePage } from './describe-page.ts';
import type { Step } from './pack.ts';
import type { KnownPage, SourcePage } from './page.ts';
import type { Run, SpaceRun } from './run.ts';

/** Ids asked of Confluence at a time: bounds the bodies in memory. */
const FETCH_SIZE = 200;

/** Fetches pages by id and makes them ready for the store. A page that went in the meantime yields nothing. */
export async function* fetchBodies(
  run: Run,
  state: SpaceRun,
  ids: readonly string[],
  known: ReadonlyMap<string, Pick<KnownPage, 'version'>>,
  signal: AbortSignal,
): AsyncGenerator<Step> {
  for (let from = 0; from < ids.length; from += FETCH_SIZE) {
    const pages = await run.parts.source.fetchPages(ids.slice(from, from + FETCH_SIZE), signal);
    for (const page of pages) {
      // Absent: it went between the listing and now. The next complete listing will tell what became of it.
      if (page.kind === 'absent') continue;
      if (page.kind === 'failure') yield { ...page, spaceKey: page.spaceKey || state.space.key };
      else yield takePage(run, state, page, page.head.version < (known.get(page.head.id)?.version ?? 0));
    }
  }
}

/** Counts a fetched page and makes it ready for the store. */
export function takePage(run: Run, state: SpaceRun, page: SourcePage, wentBack: boolean): Step {
  state.tally.fetched(1);
  return { kind: 'record', record: describePage(page, wentBack, run.parts.log) };
}
