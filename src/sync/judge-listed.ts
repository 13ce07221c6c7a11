import { compare } from './compare.ts';
import { condemn, isSuspect, watched } from './crashes.ts';
import { cleanHead } from './describe-page.ts';
import { fetchBodies, takePage } from './fetch-bodies.ts';
import type { Step } from './pack.ts';
import type { KnownPage, PageHead } from './page.ts';
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
  const judge = () => pages.map((page) => judgeOne(run, page, known.get(idOf(page)), tallyOf));
  const bodies = pages.filter((page) => page.kind === 'page').map(idOf);
  const steps = bodies.length === 0 ? judge() : await watched(run, bodies, judge);
  for (const step of steps) if (typeof step !== 'string') yield step;
  const wanted = pages.filter((_, index) => steps[index] === 'fetch');
  const told = new Map(wanted.map((page) => [idOf(page), page.kind === 'page' ? page.head : page]));
  yield* fetchBodies(run, [...told.keys()], known, tallyOf, signal, told);
}

function judgeOne(
  run: Run,
  page: ListedPage,
  known: KnownPage | undefined,
  tallyOf: TallyOf,
): Step | 'fetch' | 'unchanged' {
  const quarantined = run.quarantined.delete(idOf(page));
  if (page.kind === 'failure') return page;
  if (isLeftAlone(run, page.kind === 'page' ? page.head : page, tallyOf)) return 'unchanged';
  if (page.kind === 'page') {
    // An older version than the stored one is believed only when Confluence repeats it for that very id.
    const isOlder = known !== undefined && page.head.version < known.version;
    return isOlder || isSuspect(run, page.head.id) ? 'fetch' : takePage(run, page, false, tallyOf);
  }
  const head = cleanHead(page);
  const need = quarantined || run.request.deep ? 'body' : compare(head, known);
  if (need === 'body') return 'fetch';
  if (need === 'head') return { kind: 'head', head };
  tallyOf(head.spaceKey).add('unchanged');
  return 'unchanged';
}

/** True for a page that workers died over and that is not worked on now. */
function isLeftAlone(run: Run, head: PageHead, tallyOf: TallyOf): boolean {
  if (!isSuspect(run, head.id)) return false;
  if (run.parked.get(head.id) !== head.version) return condemn(run, cleanHead(head));
  tallyOf(head.spaceKey).add('failed');
  return true;
}
