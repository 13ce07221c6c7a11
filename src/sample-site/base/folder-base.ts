import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import type { Content, SiteSpace } from '../content.ts';
import { keyOf } from '../state/order.ts';
import { createBaseTimes } from './base-times.ts';
import type { ContentBase, Sequence } from './content-base.ts';
import { generatedIds } from './generated-base.ts';
import { describeSpace } from './make-spaces.ts';
import { sortByTitle } from './sort-by-title.ts';

/** A base of files and the spaces its folders became. */
export type FolderBase = Readonly<{ base: ContentBase; spaces: SiteSpace[] }>;

const BODY_FILES = new Set(['.xml', '.xhtml', '.html']);

type BodyFile = Readonly<{ path: string; title: string; spaceIndex: number }>;

/**
 * Every body file below a folder as one page, its bytes the page's body; each sub-folder with files is a space. Files
 * are read when they are served.
 */
export function createFolderBase(contentDir: string): FolderBase {
  const folders = groupByFolder(contentDir, listBodyFiles(contentDir));
  const files = [...folders.values()].flatMap((paths, spaceIndex) => describeFiles(paths, spaceIndex));
  const ids = generatedIds('page', files.length);
  const starts = startsOfSpaces(files);
  const keys = new Set<string>();
  const spaces = [...folders.keys()].map((folder, index) => {
    const homepageId = ids.idAt(starts[index] ?? 0);
    return describeSpace({ key: spaceKey(folder, keys), name: folder || 'Pages', homepageId }, index);
  });
  return { base: baseOfFiles(files), spaces };
}

function listBodyFiles(contentDir: string): string[] {
  return readdirSync(contentDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && BODY_FILES.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function groupByFolder(contentDir: string, paths: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const folder = relative(contentDir, dirname(path));
    const known = folders.get(folder);
    if (known === undefined) folders.set(folder, [path]);
    else known.push(path);
  }
  return folders;
}

function describeFiles(paths: readonly string[], spaceIndex: number): BodyFile[] {
  const titles = new Set<string>();
  return paths.map((path) => {
    const short = basename(path, extname(path));
    const title = titles.has(short) ? basename(path) : short;
    titles.add(title);
    return { path, title, spaceIndex };
  });
}

function spaceKey(folder: string, taken: Set<string>): string {
  const letters = folder
    .split(sep)
    .join('')
    .replaceAll(/[^a-zA-Z0-9]/g, '')
    .toUpperCase();
  const wish = letters.slice(0, 40) || 'PAGES';
  let key = wish;
  for (let next = 2; taken.has(key); next++) key = `${wish}${next}`;
  taken.add(key);
  return key;
}

function baseOfFiles(files: readonly BodyFile[]): ContentBase {
  const ids = generatedIds('page', files.length);
  const times = createBaseTimes(files.length);
  const starts = startsOfSpaces(files);
  const fileAt = (index: number): BodyFile => files[index] ?? { path: '', title: '', spaceIndex: 0 };

  function contentAt(index: number): Content {
    const { title, spaceIndex } = fileAt(index);
    const home = starts[spaceIndex] ?? 0;
    return {
      id: ids.idAt(index),
      type: 'page',
      spaceIndex,
      title,
      status: 'current',
      ...(index === home
        ? { parentId: null, parentType: null }
        : { parentId: ids.idAt(home), parentType: 'page' }),
      version: 1,
      createdAt: times.createdAt(index),
      updatedAt: times.updatedAt(index),
      body: { text: { kind: 'base', index, revision: 0 }, comments: 0, markup: 0 },
      poison: null,
    };
  }

  return {
    size: files.length,
    contentAt,
    keyAt: (index, order) => keyOf(order, contentAt(index)),
    indexOf: (id) => {
      const index = ids.indexOf(id);
      return index !== null && index < files.length ? index : null;
    },
    sequence: sortByTitle(
      (spaceIndex) => slice(spaceIndex, starts, files.length),
      (index) => fileAt(index).title,
    ),
    textAt: (index, revision) => {
      const text = readFileSync(fileAt(index).path, 'utf8');
      return revision === 0 ? text : `${text}<p>Edited, revision ${revision}.</p>`;
    },
    titled: (title) => files.flatMap((file, index) => (sameTitle(file.title, title) ? [index] : [])),
  };
}

function startsOfSpaces(files: readonly BodyFile[]): number[] {
  const starts: number[] = [];
  files.forEach((file, index) => (starts[file.spaceIndex] ??= index));
  return starts;
}

function slice(spaceIndex: number | null, starts: readonly number[], size: number): Sequence {
  const start = spaceIndex === null ? 0 : (starts[spaceIndex] ?? size);
  const end = spaceIndex === null ? size : (starts[spaceIndex + 1] ?? size);
  return { length: end - start, at: (position) => start + position };
}

function sameTitle(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
