import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createGeneratedBase } from '../../../src/sample-site/base/generated-base.ts';
import type { Content, ContentStatus } from '../../../src/sample-site/content.ts';
import { createCollection, type Collection } from '../../../src/sample-site/state/collection.ts';
import { compareIds } from '../../../src/sample-site/state/compare-ids.ts';
import { compareKeys, keyOf, type Order } from '../../../src/sample-site/state/order.ts';

const SIZE = 40;
const SPACES = 3;
const STATUSES: readonly ContentStatus[] = ['current', 'archived', 'trashed'];
const ORDERS: readonly Order[] = ['id', 'modified-date', 'created-date', 'title'];

type Step = Readonly<{ at: number; what: 'put' | 'remove'; status: number; space: number; time: number }>;

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    at: fc.nat(SIZE + 10),
    what: fc.constantFrom('put' as const, 'put' as const, 'remove' as const),
    status: fc.nat(2),
    space: fc.nat(SPACES - 1),
    time: fc.nat(5),
  }),
  { maxLength: 60 },
);

const walks = fc.record({
  space: fc.option(fc.nat(SPACES - 1)),
  statuses: fc.subarray([...STATUSES], { minLength: 1 }),
  order: fc.constantFrom(...ORDERS),
  descending: fc.boolean(),
});

describe('a collection', () => {
  test('walks in every order as a sorted list of what is there', () => {
    fc.assert(
      fc.property(steps, walks, (edits, { space, statuses, order, descending }) => {
        const { collection, model } = play(edits);
        const spaces = space === null ? null : [space];

        const walked = [
          ...collection.walk({ spaces, statuses, order, descending, start: { kind: 'first' } }),
        ];

        expect(idsOf(walked)).toEqual(idsOf(expected(model, spaces, statuses, order, descending)));
      }),
    );
  });

  test('goes on behind any page exactly where that page stood', () => {
    fc.assert(
      fc.property(steps, walks, fc.nat(), (edits, { space, statuses, order, descending }, pick) => {
        const { collection, model } = play(edits);
        const spaces = space === null ? null : [space];
        const all = expected(model, spaces, statuses, order, descending);
        const place = all.length === 0 ? 0 : pick % all.length;
        const last = all[place];
        if (last === undefined) return;

        const start = { kind: 'after', key: keyOf(order, last) } as const;
        const rest = [...collection.walk({ spaces, statuses, order, descending, start })];

        expect(idsOf(rest)).toEqual(idsOf(all.slice(place + 1)));
      }),
    );
  });

  test('skips exactly as many pages as it is told, and counts them all', () => {
    fc.assert(
      fc.property(steps, walks, fc.nat(SIZE + 12), (edits, { space, statuses, order, descending }, pages) => {
        fc.pre(order !== 'title');
        const { collection, model } = play(edits);
        const spaces = space === null ? null : [space];
        const all = expected(model, spaces, statuses, order, descending);

        const start = { kind: 'skip', pages } as const;
        const rest = [...collection.walk({ spaces, statuses, order, descending, start })];

        expect(idsOf(rest)).toEqual(idsOf(all.slice(pages)));
        expect(collection.count(spaces, statuses)).toBe(all.length);
      }),
    );
  });

  test('keeps the walk that has begun apart from later edits of other pages', () => {
    const { collection } = play([]);
    const walk = collection.walk({
      spaces: null,
      statuses: ['current', 'archived'],
      order: 'id',
      descending: false,
      start: { kind: 'first' },
    });
    const first = walk.next();

    collection.put({ ...someContent(collection), id: '9999999999999999', title: 'late' });
    const rest = [...walk];

    expect(first.done).toBe(false);
    expect(rest).toHaveLength(SIZE - 1);
  });
});

function play(edits: readonly Step[]): { collection: Collection; model: Map<string, Content> } {
  const base = createGeneratedBase({
    type: 'page',
    size: SIZE,
    spaces: SPACES,
    seed: 5,
    bodyBytes: 200,
    folders: true,
  });
  const collection = createCollection(base);
  const model = new Map(
    Array.from({ length: SIZE }, (_, index) => [base.contentAt(index).id, base.contentAt(index)] as const),
  );
  for (const step of edits) {
    const id = step.at < SIZE ? base.contentAt(step.at).id : `${9_100_000_000_000_000 + step.at}`;
    if (step.what === 'remove') {
      collection.remove(id);
      model.delete(id);
      continue;
    }
    const content = changed(base.contentAt(step.at % SIZE), id, step);
    collection.put(content);
    model.set(id, content);
  }
  return { collection, model };
}

function changed(content: Content, id: string, step: Step): Content {
  const status = STATUSES[step.status] ?? 'current';
  return {
    ...content,
    id,
    status,
    spaceIndex: step.space,
    updatedAt: content.updatedAt + step.time,
    title: `t${step.time}`,
  };
}

function expected(
  model: ReadonlyMap<string, Content>,
  spaces: readonly number[] | null,
  statuses: readonly ContentStatus[],
  order: Order,
  descending: boolean,
): Content[] {
  const sign = descending ? -1 : 1;
  return [...model.values()]
    .filter((one) => statuses.includes(one.status) && (spaces?.includes(one.spaceIndex) ?? true))
    .sort((a, b) => sign * (compareKeys(keyOf(order, a), keyOf(order, b)) || compareIds(a.id, b.id)));
}

function someContent(collection: Collection): Content {
  const content = collection.get('2200000001') ?? [...collection.titled('')][0];
  if (content === undefined) throw new Error('the base has no first page');
  return content;
}

function idsOf(contents: readonly Content[]): string[] {
  return contents.map(({ id }) => id);
}
