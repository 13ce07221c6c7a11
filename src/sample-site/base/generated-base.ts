import type { ContentType } from '../../sync/page.ts';
import type { Content } from '../content.ts';
import { keyOf } from '../state/order.ts';
import { createBaseTimes } from './base-times.ts';
import { folderIdAt } from './folder-ids.ts';
import type { ContentBase, Sequence } from './content-base.ts';
import { createIdRange, type IdRange } from './id-range.ts';
import { indicesOfTitle, makeTitle } from './make-title.ts';
import { makeStorage } from './make-storage.ts';
import { mix } from '../mix.ts';
import { sortByTitle } from './sort-by-title.ts';

/** What decides every page of a generated base. With `folders` a few pages lie in a folder, which no listing shows. */
export type GeneratedBaseOptions = Readonly<{
  type: ContentType;
  size: number;
  spaces: number;
  seed: number;
  bodyBytes: number;
  folders: boolean;
}>;

const CHILDREN = 8;

/** Pages invented from the seed and their index; neighbours lie in different spaces. */
export function createGeneratedBase(options: GeneratedBaseOptions): ContentBase {
  const { size, spaces, seed } = options;
  const ids = generatedIds(options.type, size);
  const times = createBaseTimes(size);

  function contentAt(index: number): Content {
    return {
      id: ids.idAt(index),
      type: options.type,
      spaceIndex: index % spaces,
      title: makeTitle(seed, index),
      status: 'current',
      ...parentOf(index, options, ids),
      version: 1 + (mix(seed, index, 5) % 9),
      createdAt: times.createdAt(index),
      updatedAt: times.updatedAt(index),
      body: { text: { kind: 'base', index, revision: 0 }, comments: 0, markup: 0 },
      poison: null,
    };
  }

  const base: ContentBase = {
    size,
    contentAt,
    keyAt: (index, order) => {
      if (order === 'title') return keyOf(order, contentAt(index));
      const value =
        order === 'id' ? 0 : order === 'modified-date' ? times.updatedAt(index) : times.createdAt(index);
      return { value, id: ids.idAt(index) };
    },
    indexOf: (id) => knownIndex(ids.indexOf(id), size),
    sequence: sortByTitle(
      (spaceIndex) => spaceSequence(spaceIndex, size, spaces),
      (index) => contentAt(index).title,
    ),
    textAt: (index, revision) => makeStorage(seed, index, revision, options.bodyBytes),
    titled: (title) => indicesOfTitle(title).filter((index) => index < size),
  };
  return base;
}

/** The ids of a generated base: the last tenth of them lies past 2^53. */
export function generatedIds(type: ContentType, size: number): IdRange {
  const largeFrom = Math.ceil(size * 0.9);
  return type === 'page'
    ? createIdRange({ first: 2_200_000_000, large: 9_007_199_254_740_993n, largeFrom })
    : createIdRange({ first: 3_500_000_000, large: 9_017_199_254_740_993n, largeFrom });
}

function spaceSequence(spaceIndex: number | null, size: number, spaces: number): Sequence {
  if (spaceIndex === null) return { length: size, at: (position) => position };
  if (spaceIndex >= spaces) return { length: 0, at: (position) => position };
  return {
    length: Math.max(0, Math.ceil((size - spaceIndex) / spaces)),
    at: (position) => spaceIndex + position * spaces,
  };
}

function parentOf(
  index: number,
  options: GeneratedBaseOptions,
  ids: IdRange,
): Pick<Content, 'parentId' | 'parentType'> {
  const parent = options.type === 'blogpost' ? null : indexAbove(index, options.spaces);
  if (parent === null) return { parentId: null, parentType: null };
  const folder = options.folders ? folderIdAt(index) : null;
  if (folder !== null) return { parentId: folder, parentType: 'folder' };
  return { parentId: ids.idAt(parent), parentType: 'page' };
}

/** The index of the page that the page at an index lies below, folders between them aside; null for a space's first page. */
export function indexAbove(index: number, spaces: number): number | null {
  const place = Math.floor(index / spaces);
  return place === 0 ? null : (index % spaces) + Math.floor((place - 1) / CHILDREN) * spaces;
}

function knownIndex(index: number | null, size: number): number | null {
  return index !== null && index < size ? index : null;
}
