import { createDice } from '../dice.ts';
import { makeUuid } from '../make-uuid.ts';
import { mix } from '../mix.ts';
import { parseTag } from './tag.ts';
import { tokenizeMarkup, type MarkupToken } from './tokenize-markup.ts';

/** Elements whose own text people comment on. */
const COMMENTABLE = new Set([
  'p',
  'li',
  'td',
  'th',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'strong',
  'em',
  'span',
]);

/** Wraps a word of the body in the marker of the comment with this number; a body without words stays as it is. */
export function markInlineComment(storage: string, comment: number): string {
  const tokens = tokenizeMarkup(storage);
  const places = commentablePlaces(tokens);
  const place = places[comment % Math.max(1, places.length)];
  if (place === undefined) return storage;
  return tokens.map((token, at) => (at === place ? markWord(token.text, comment) : token.text)).join('');
}

function commentablePlaces(tokens: readonly MarkupToken[]): number[] {
  const open: string[] = [];
  return tokens.flatMap((token, at) => {
    if (token.kind === 'tag') follow(open, token.text);
    const inside = COMMENTABLE.has(open.at(-1) ?? '');
    return token.kind === 'text' && inside && token.text.trim() !== '' ? [at] : [];
  });
}

function follow(open: string[], text: string): void {
  const tag = parseTag(text);
  if (tag.kind === 'open') open.push(tag.name);
  if (tag.kind === 'close') open.length = Math.max(0, open.lastIndexOf(tag.name));
}

function markWord(text: string, comment: number): string {
  // Words end at spaces, so that no entity is cut in two.
  const words = text.split(' ');
  const seed = mix(comment, text.length, 6);
  const start = words.findIndex((word, at) => word !== '' && at >= seed % words.length);
  const at = start === -1 ? words.findIndex((word) => word !== '') : start;
  const marker = `<ac:inline-comment-marker ac:ref="${makeUuid(createDice(seed))}">${words[at] ?? ''}</ac:inline-comment-marker>`;
  return words.with(at, marker).join(' ');
}
