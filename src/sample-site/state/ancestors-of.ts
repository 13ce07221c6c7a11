import type { Content } from '../content.ts';
import type { Library } from './library.ts';
import { livingParentOf } from './living-parent-of.ts';

const DEEPEST = 100;

/** The pages above a page, the topmost first; ends at a parent that is gone, and in front of a circle. */
export function ancestorsOf(library: Library, content: Content): Content[] {
  const above: Content[] = [];
  const seen = new Set([content.id]);
  let parent = livingParentOf(library, content);
  while (parent !== null && !seen.has(parent.id) && above.length < DEEPEST) {
    seen.add(parent.id);
    above.unshift(parent);
    parent = livingParentOf(library, parent);
  }
  return above;
}
