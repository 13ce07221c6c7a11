import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSubtree } from '../../../src/sync/create-subtree.ts';
import type { Standing } from '../../../src/sync/page.ts';
import type { Ancestry } from '../../../src/sync/source.ts';

/** Where a node stands: above it is the node of that number, or nothing; some nodes are folders, which are never listed. */
type Node = Readonly<{ above: number | null; isFolder: boolean }>;

const SIZE = 40;
const above40 = fc.oneof(
  { weight: 9, arbitrary: fc.nat(SIZE - 1) },
  { weight: 1, arbitrary: fc.constant(null) },
);
/** Pages in any graph, circles among them. */
const graph = fc.array(fc.record({ above: above40, isFolder: fc.constant(false) }), {
  minLength: SIZE,
  maxLength: SIZE,
});
/** Trees of pages and folders whose numbers say nothing of their place: each lies below one of those before it in the order. */
const trees = fc
  .tuple(
    fc.shuffledSubarray(
      Array.from({ length: SIZE }, (_, at) => at),
      { minLength: SIZE },
    ),
    fc.array(fc.record({ place: fc.double({ min: 0, max: 1, noNaN: true }), dice: fc.nat(6) }), {
      minLength: SIZE,
      maxLength: SIZE,
    }),
  )
  .map(([order, choices]) => {
    const nodes: Node[] = [];
    for (const [rank, at] of order.entries()) {
      const { place, dice } = choices[rank] ?? { place: 0, dice: 0 };
      nodes[at] = { above: order[Math.floor(place * rank * 1.1)] ?? null, isFolder: dice === 0 };
      if (Math.floor(place * rank * 1.1) >= rank) nodes[at] = { above: null, isFolder: dice === 0 };
    }
    return nodes;
  });
/** With `whole`, all ancestors come with each page. */
const site = fc.oneof(
  fc.record({ nodes: trees, whole: fc.boolean() }),
  fc.record({ nodes: graph, whole: fc.constant(false) }),
);
const roots = fc.uniqueArray(fc.nat(SIZE - 1), { minLength: 1, maxLength: 4 });
const never = new AbortController().signal;

const idOf = (at: number) => String(at + 1);
const placeOf = (node: Node | undefined) =>
  node === undefined || node.above === null ? null : idOf(node.above);

/** All that is above a node, nearest first; a circle is walked once. */
function above(nodes: readonly Node[], start: number): number[] {
  const path: number[] = [];
  for (let at = nodes[start]?.above ?? null; at !== null && !path.includes(at); at = nodes[at]?.above ?? null)
    path.push(at);
  return path;
}

function sourceOf(nodes: readonly Node[]) {
  const asked: (string | null)[] = [];
  const answer = ({ id, parentId }: Standing): Ancestry => {
    asked.push(parentId);
    const parent = parentId === null ? undefined : nodes[Number(parentId) - 1];
    if (parent?.isFolder === false) return { kind: 'parent', parentId: placeOf(parent) };
    return {
      kind: 'chain',
      ancestorIds: above(nodes, Number(id) - 1)
        .toReversed()
        .map(idOf),
    };
  };
  return {
    asked,
    ancestry: (pages: readonly Standing[]) =>
      Promise.resolve(new Map(pages.map((page) => [page.id, answer(page)]))),
  };
}

test('every page of any forest is judged as its ancestors say, and no parent is asked for twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      site,
      roots,
      fc.integer({ min: 1, max: SIZE }),
      async ({ nodes, whole }, wanted, size) => {
        const source = sourceOf(nodes);
        const subtree = createSubtree(source, wanted.map(idOf), () => false);
        const verdicts = new Map<string, string>();
        const pages = nodes.flatMap((node, at) => (node.isFolder ? [] : [{ at, node }]));

        for (let from = 0; from < pages.length; from += size) {
          const batch = pages.slice(from, from + size).map(({ at, node }) => ({
            id: idOf(at),
            parentId: placeOf(node),
            ...(whole && { ancestorIds: above(nodes, at).toReversed().map(idOf) }),
          }));
          for (const [id, verdict] of await subtree.judge(batch, never)) verdicts.set(id, verdict);
        }

        const isInside = (at: number) => [at, ...above(nodes, at)].some((one) => wanted.includes(one));
        const expected = pages.map(({ at }) => [idOf(at), isInside(at) ? 'inside' : 'outside'] as const);
        expect([...verdicts]).toEqual(expected);
        expect(new Set(source.asked).size).toBe(source.asked.length);
        if (whole) expect(source.asked).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});

test('a site that names ever new parents ends as unclear', async () => {
  let made = 1000;
  const endless = {
    ancestry: (pages: readonly Standing[]) =>
      Promise.resolve(
        new Map<string, Ancestry>(pages.map(({ id }) => [id, { kind: 'parent', parentId: String(++made) }])),
      ),
  };
  const subtree = createSubtree(endless, ['1'], () => false);

  const verdicts = await subtree.judge([{ id: '5', parentId: '6' }], never);

  expect(verdicts.get('5')).toBe('unclear');
  expect(made).toBeLessThan(1300);
});

test('what was forgotten is asked for again', async () => {
  let parentId = '1';
  let questions = 0;
  const source = {
    ancestry: (pages: readonly Standing[]) => {
      questions++;
      return Promise.resolve(
        new Map<string, Ancestry>(pages.map(({ id }) => [id, { kind: 'parent', parentId }])),
      );
    },
  };
  const subtree = createSubtree(source, ['1'], () => false);
  const judge = async (id: string) => (await subtree.judge([{ id, parentId: '9' }], never)).get(id);

  expect([await judge('10'), await judge('11'), questions]).toEqual(['inside', 'inside', 1]);
  parentId = '10';
  subtree.forget();

  expect([await judge('12'), questions > 1]).toEqual(['outside', true]);
});
