import { doubtedRoots } from './locate-roots.ts';
import type { KnownPage, Standing } from './page.ts';
import type { Run } from './run.ts';
import type { FetchedPage, ListedPage } from './source.ts';
import type { Belonging } from './create-subtree.ts';

/** Pages sorted by whether they belong to the mirror. */
export type Sorted<Page> = Readonly<{ inside: readonly Page[]; outside: readonly Page[] }>;

/**
 * Sorts pages by whether they are at or below the wanted root pages. One of which that is not known stays as it is mirrored, and is
 * not taken in where it is not.
 */
export async function takeInside<Page extends ListedPage | FetchedPage>(
  run: Run,
  pages: readonly Page[],
  known: ReadonlyMap<string, Pick<KnownPage, 'deleted'>>,
  signal: AbortSignal,
): Promise<Sorted<Page>> {
  if (run.request.scope.rootPages.length === 0) return { inside: pages, outside: [] };
  const standings = pages.map(standingOf).filter((standing) => standing !== null);
  const verdicts = await judgePlaces(run, standings, signal);
  const inside: Page[] = [];
  const outside: Page[] = [];
  for (const page of pages) {
    const id = idOf(page);
    // A failed page that says nothing of its place is tried again all the same.
    const verdict = verdicts.get(id) ?? 'inside';
    if (verdict === 'inside' || (verdict === 'unclear' && known.get(id)?.deleted === false))
      inside.push(page);
    else if (verdict === 'outside') outside.push(page);
    else noteUnplaced(run, id);
  }
  return { inside, outside };
}

/** Judges places; below a root page that cannot be seen nothing is known to be outside. */
export async function judgePlaces(
  run: Run,
  standings: readonly Standing[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Belonging>> {
  const verdicts = await run.subtree.judge(standings, signal);
  if (doubtedRoots(run) === null) return verdicts;
  return new Map([...verdicts].map(([id, verdict]) => [id, verdict === 'inside' ? verdict : 'unclear']));
}

function standingOf(page: ListedPage | FetchedPage): Standing | null {
  if (page.kind === 'page') return page.head;
  if (page.kind === 'head') return page;
  if (page.kind === 'absent') return null;
  const { id, parentId, ancestorIds } = page;
  if (parentId === undefined) return null;
  return { id, parentId, ...(ancestorIds !== undefined && { ancestorIds }) };
}

function idOf(page: ListedPage | FetchedPage): string {
  return page.kind === 'page' ? page.head.id : page.id;
}

function noteUnplaced(run: Run, id: string): void {
  if (doubtedRoots(run) !== null || run.doubts.unplaced) return;
  run.doubts.any = run.doubts.unplaced = true;
  run.notes.push(`Confluence does not tell what page ${id}, and maybe others, is below: it was left out`);
}
