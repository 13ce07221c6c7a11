import type { Content } from '../content.ts';
import { findContent, type Library } from './library.ts';

const DEEPEST = 100;

/** The pages above a page, the topmost first; ends at a parent that is gone, and in front of a circle. */
export function ancestorsOf(library: Library, content: Content): Content[] {
  const above: Content[] = [];
  const seen = new Set([content.id]);
  let parent = parentOf(library, content);
  while (parent !== null && !seen.has(parent.id) && above.length < DEEPEST) {
    seen.add(parent.id);
    above.unshift(parent);
    parent = parentOf(library, parent);
  }
  return above;
}

function parentOf(library: Library, content: Content): Content | null {
  const parent = content.parentId === null ? null : findContent(library, content.parentId);
  return parent?.status === 'trashed' ? null : parent;
}
