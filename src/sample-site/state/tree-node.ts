import type { Content, SiteFolder } from '../content.ts';
import { findContent, type Library } from './library.ts';

/** What stands in a page tree: a page that is not gone, or a folder. */
export type TreeNode =
  Readonly<{ kind: 'page'; content: Content }> | Readonly<{ kind: 'folder'; content: SiteFolder }>;

const DEEPEST = 1_000;

/** The page or folder of an id; null where it is gone, in the trash, or neither. */
export function findNode(library: Library, id: string): TreeNode | null {
  const folder = library.folders.get(id);
  if (folder !== null) return { kind: 'folder', content: folder };
  const content = findContent(library, id);
  return content?.type === 'page' && content.status !== 'trashed' ? { kind: 'page', content } : null;
}

/** What lies above a page or folder, the topmost first; ends at a parent that is gone, and in front of a circle. */
export function nodesAbove(library: Library, { id, parentId }: Content | SiteFolder): TreeNode[] {
  const above: TreeNode[] = [];
  const seen = new Set([id]);
  let parent = parentId === null ? null : findNode(library, parentId);
  while (parent !== null && !seen.has(parent.content.id) && above.length < DEEPEST) {
    const { id: parentOwnId, parentId: next } = parent.content;
    seen.add(parentOwnId);
    above.unshift(parent);
    parent = next === null ? null : findNode(library, next);
  }
  return above;
}

/** Finds what lies right below a page or folder. It reads the whole site once, so one is made for each request. */
export function readChildren(library: Library): (parentId: string) => readonly TreeNode[] {
  const children = new Map<string, TreeNode[]>();
  const add = (node: TreeNode): void => {
    const { parentId } = node.content;
    if (parentId === null) return;
    const siblings = children.get(parentId);
    if (siblings === undefined) children.set(parentId, [node]);
    else siblings.push(node);
  };
  for (const content of library.folders.all()) add({ kind: 'folder', content });
  const pages = library.collections.page.walk({
    spaces: null,
    statuses: ['current', 'archived'],
    order: 'id',
    descending: false,
    start: { kind: 'first' },
  });
  for (const content of pages) add({ kind: 'page', content });
  return (parentId) => children.get(parentId) ?? [];
}
