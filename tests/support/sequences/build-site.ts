import { createModel, putPage, type Model, type ModelSpace } from '../model-site/model.ts';
import type { Sequence } from './sequence.ts';

const START = Date.UTC(2026, 2, 28, 23, 58, 30, 0);
const HOUR = 3_600_000;
/** More digits than a double holds. */
const LARGE = 9_007_199_254_740_993n;

/** The site a sequence begins with: a tree in each space, some pages of the same moment, some ids past 2^53. */
export function buildSite(sequence: Sequence): Model {
  const spaces = Array.from({ length: sequence.spaces }, (_, index) => spaceAt(index, sequence));
  const model = createModel(sequence.habits, spaces, START);
  const { pages, blogposts } = sequence;
  for (let index = 0; index < pages + blogposts; index++) {
    const isPage = index < pages;
    const space = spaces[index % spaces.length];
    const parent = index - spaces.length * (1 + (index % 3));
    const updatedAt = START - HOUR * (1 + Math.floor((pages + blogposts - index) / 2));
    const id = idAt(index, pages);
    putPage(
      model,
      {
        ...{
          id,
          type: isPage ? 'page' : 'blogpost',
          title: `Page ${id}`,
          spaceKey: space?.key ?? '',
          status: 'current',
        },
        ...{
          version: 1 + (index % 4),
          updatedAt,
          parentId: isPage && parent >= 0 ? idAt(parent, pages) : null,
          poison: null,
        },
        storage: `<p>${id} as it was in the beginning</p>`,
      },
      updatedAt,
    );
  }
  return model;
}

function idAt(index: number, pages: number): string {
  return index < pages * 0.9 ? String(1_000 + index * 3) : String(LARGE + BigInt(index) * 3n);
}

function spaceAt(index: number, { archivedSpace, spaces }: Sequence): ModelSpace {
  const archived = archivedSpace && spaces > 1 && index === spaces - 1;
  const key = ['HR', '~ada', 'Ops', 'OLD'][index] ?? '';
  return { id: String(300 + index), key, name: `Space ${key}`, status: archived ? 'archived' : 'current' };
}
