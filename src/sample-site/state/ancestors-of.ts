import type { Content } from '../content.ts';
import type { Library } from './library.ts';
import { nodesAbove } from './tree-node.ts';

/** The pages above a page, the topmost first, folders left out; ends at a parent that is gone, and in front of a circle. */
export function ancestorsOf(library: Library, content: Content): Content[] {
  return nodesAbove(library, content).flatMap((node) => (node.kind === 'page' ? [node.content] : []));
}
