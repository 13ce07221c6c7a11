import type { Content } from '../content.ts';
import type { Call } from '../http/call.ts';
import type { Library } from '../state/library.ts';
import { compareKeys, keyOf, type Key } from '../state/order.ts';
import { takePage } from '../take-page.ts';
import type { SearchPlan } from './search-plan.ts';

/** Where a search's page begins: behind a key (Cloud's cursors) or behind a number of pages (Data Center). */
export type SearchStart = Readonly<{ after: Key | null }> | Readonly<{ skip: number }>;

const MOST_COUNTED_SPACES = 4;

/** Finds one page of a search. The index knows current pages of current spaces only. */
export function runSearch(
  library: Library,
  call: Call,
  plan: SearchPlan,
  start: SearchStart,
  limit: number,
): Readonly<{ rows: Content[]; more: boolean }> {
  const indexed = (content: Content): boolean =>
    call.sees(content) &&
    content.updatedAt <= call.view.searchUpTo &&
    library.spaces[content.spaceIndex]?.status === 'current' &&
    plan.matches(content);
  const skip = 'skip' in start ? start.skip : 0;
  if (isCountable(library, call, plan)) return takePage(walkAll(library, plan, start), indexed, limit);
  return takePage(
    dropped(walkAll(library, plan, 'after' in start ? start : { skip: 0 }), indexed, skip),
    () => true,
    limit,
  );
}

/** Whether pages can be skipped by counting: every page of the walk is a row, and few runs have to be counted. */
function isCountable(library: Library, call: Call, plan: SearchPlan): boolean {
  if (call.view.searchUpTo < Infinity) return false;
  if (!plan.exact || plan.types.length !== 1 || (plan.spaces ?? []).length > MOST_COUNTED_SPACES)
    return false;
  const spaces = library.spaces.filter(({ index }) => plan.spaces?.includes(index) ?? true);
  return spaces.every((space) => space.status === 'current' && call.seesSpace(space.index));
}

function* walkAll(library: Library, plan: SearchPlan, start: SearchStart): Generator<Content> {
  const compare = plan.descending ? (a: Key, b: Key): number => compareKeys(b, a) : compareKeys;
  const walks = plan.types.map((type) =>
    library.collections[type].walk({
      spaces: plan.spaces,
      statuses: ['current'],
      order: plan.order,
      descending: plan.descending,
      start: startOf(start),
    }),
  );
  for (const content of mergeWalks(walks, (a, b) => compare(keyOf(plan.order, a), keyOf(plan.order, b)))) {
    if (plan.descending && plan.order === 'modified-date' && content.updatedAt < plan.notBefore) return;
    yield content;
  }
}

function startOf(
  start: SearchStart,
): { kind: 'skip'; pages: number } | { kind: 'first' } | { kind: 'after'; key: Key } {
  if ('skip' in start) return { kind: 'skip', pages: start.skip };
  return start.after === null ? { kind: 'first' } : { kind: 'after', key: start.after };
}

function* mergeWalks(
  walks: readonly Generator<Content>[],
  compare: (a: Content, b: Content) => number,
): Generator<Content> {
  const heads = walks.flatMap(openHead);
  while (heads.length > 0) {
    heads.sort((a, b) => compare(a.content, b.content));
    const [first, ...others] = heads;
    if (first === undefined) return;
    yield first.content;
    heads.splice(0, heads.length, ...openHead(first.walk), ...others);
  }
}

function openHead(walk: Generator<Content>): { walk: Generator<Content>; content: Content }[] {
  const next = walk.next();
  return next.done === true ? [] : [{ walk, content: next.value }];
}

function* dropped(
  rows: Iterable<Content>,
  wanted: (row: Content) => boolean,
  count: number,
): Generator<Content> {
  let left = count;
  for (const row of rows) {
    if (!wanted(row)) continue;
    if (left > 0) left--;
    else yield row;
  }
}
