import { compare } from './compare.ts';
import { cleanHead } from './describe-page.ts';
import { fetchBodies, takePage } from './fetch-bodies.ts';
import type { Step } from './pack.ts';
import type { KnownPage } from './page.ts';
import type { Run } from './run.ts';
import type { ListedPage } from './source.ts';
import type { TallyOf } from './tally.ts';

/** The id of a listed page, whatever it came as. */
export function idOf(page: ListedPage): string {
  return page.kind === 'page' ? page.head.id : page.id;
}

/**
 * Turns listed pages into what has to be written: failures and what is at hand at once, the others after their bodies were
 * fetched. Unchanged pages are counted and go no further.
 */
export async function* judgeListed(
  run: Run,
  pages: readonly ListedPage[],
  known: ReadonlyMap<string, KnownPage>,
  tallyOf: TallyOf,
  signal: AbortSignal,
): AsyncGenerator<Step> {
  const wanted: string[] = [];
  for (const page of pages) {
    const step = judgeOne(run, page, known.get(idOf(page)), tallyOf);
    if (step === 'fetch') wanted.push(idOf(page));
    else if (step !== 'unchanged') yield step;
  }
  yield* fetchBodies(run, wanted, known, tallyOf, signal);
}

function judgeOne(
  run: Run,
  page: ListedPage,
  known: KnownPage | undefined,
  tallyOf: TallyOf,
): Step | 'fetch' | 'unchanged' {
  const quarantined = run.quarantined.delete(idOf(page));
  if (page.kind === 'failure') return page;
  if (page.kind === 'page') {
    // An older version than the stored one is believed only when Confluence repeats it for that very id.
    const isOlder = known !== undefined && page.head.version < known.version;
    return isOlder ? 'fetch' : takePage(run, page, false, tallyOf);
  }
  const head = cleanHead(page);
  const need = quarantined || run.request.deep ? 'body' : compare(head, known);
  if (need === 'body') return 'fetch';
  if (need === 'head') return { kind: 'head', head };
  tallyOf(head.spaceKey).add('unchanged');
  return 'unchanged';
}
