import type { Content } from '../content.ts';
import { findContent, type Library } from './library.ts';

/** The page above a page, unless that one is gone or in the trash. */
export function livingParentOf(library: Library, content: Content): Content | null {
  const parent = content.parentId === null ? null : findContent(library, content.parentId);
  return parent?.status === 'trashed' ? null : parent;
}
