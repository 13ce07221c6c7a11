import type { Content, ContentStatus } from '../content.ts';
import { compareKeys, keyOf, type Order } from './order.ts';
import type { Run } from './run.ts';
import { createSortedList, type SortedList } from './sorted-list.ts';

/** The pages that are not as their base has them, kept in every order a listing can ask for. */
export type EditedPages = Readonly<{
  get: (id: string) => Content | undefined;
  put: (content: Content) => void;
  remove: (id: string) => void;
  all: () => Iterable<Content>;
  run: (space: number | null, status: ContentStatus, order: Order) => Run;
}>;

const ORDERS: readonly Order[] = ['id', 'modified-date', 'created-date', 'title'];

/** Makes an empty set of edited pages. */
export function createEditedPages(): EditedPages {
  const pages = new Map<string, Content>();
  const lists = new Map<string, SortedList<Content>>();

  function listOf(space: number | null, status: ContentStatus, order: Order): SortedList<Content> {
    const name = `${space ?? '*'} ${status} ${order}`;
    const list =
      lists.get(name) ?? createSortedList<Content>((a, b) => compareKeys(keyOf(order, a), keyOf(order, b)));
    lists.set(name, list);
    return list;
  }

  function listsOf(content: Content): SortedList<Content>[] {
    return [null, content.spaceIndex].flatMap((space) =>
      ORDERS.map((order) => listOf(space, content.status, order)),
    );
  }

  function remove(id: string): void {
    const before = pages.get(id);
    if (before === undefined) return;
    pages.delete(id);
    for (const list of listsOf(before)) list.remove(before);
  }

  return {
    get: (id) => pages.get(id),
    put(content) {
      remove(content.id);
      pages.set(content.id, content);
      for (const list of listsOf(content)) list.add(content);
    },
    remove,
    all: () => pages.values(),
    run: (space, status, order) => runOf(listOf(space, status, order).items(), order),
  };
}

function runOf(items: readonly Content[], order: Order): Run {
  const itemAt = (position: number): Content => {
    const item = items[position];
    if (item === undefined) throw new RangeError(`no page at position ${position} of ${items.length}`);
    return item;
  };
  return {
    length: items.length,
    keyAt: (position) => keyOf(order, itemAt(position)),
    contentAt: itemAt,
    emptyBefore: () => 0,
  };
}
