import type { Content } from '../content.ts';
import { markInlineComment } from '../markup/mark-inline-comment.ts';
import { rewriteVolatile } from '../markup/rewrite-volatile.ts';
import type { Library } from './library.ts';

/** The body of a page in storage format, with its comments and volatile markup. */
export function bodyOf(library: Library, content: Content): string {
  const { text, comments, markup } = content.body;
  let storage =
    text.kind === 'given' ? text.storage : textOfBase(library, content, text.index, text.revision);
  for (let comment = 0; comment < comments; comment++) storage = markInlineComment(storage, comment);
  return markup === 0 ? storage : rewriteVolatile(storage, markup);
}

function textOfBase(library: Library, content: Content, index: number, revision: number): string {
  return library.collections[content.type].textAt(index, revision);
}
