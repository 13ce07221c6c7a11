import { parseTag } from './tag.ts';
import type { MarkupToken } from './tokenize-markup.ts';

/** Elements between which white space means nothing. */
const BLOCKS = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'table',
  'hr',
  'div',
  'blockquote',
  'tr',
  'li',
  'ac:layout',
  'ac:layout-section',
  'ac:layout-cell',
  'ac:task-list',
  'ac:task',
]);

/** Elements within which all white space counts. */
const VERBATIM = new Set(['pre', 'ac:plain-text-body', 'ac:plain-text-link-body', 'ac:parameter']);

/** Puts white space between two blocks where there was none, another in each round. */
export function spaceOutBlocks(tokens: readonly MarkupToken[], round: number): MarkupToken[] {
  const gap: MarkupToken = { kind: 'text', text: round % 2 === 1 ? '\n' : '\r\n  ' };
  let verbatim = 0;
  return tokens.flatMap((token, at) => {
    verbatim += verbatimStep(token);
    const next = tokens[at + 1];
    return verbatim === 0 && next !== undefined && endsBlock(token) && startsBlock(next)
      ? [token, gap]
      : [token];
  });
}

function verbatimStep(token: MarkupToken): number {
  if (token.kind !== 'tag') return 0;
  const tag = parseTag(token.text);
  if (!VERBATIM.has(tag.name)) return 0;
  return tag.kind === 'open' ? 1 : tag.kind === 'close' ? -1 : 0;
}

function endsBlock(token: MarkupToken): boolean {
  if (token.kind !== 'tag') return false;
  const tag = parseTag(token.text);
  return tag.kind !== 'open' && BLOCKS.has(tag.name);
}

function startsBlock(token: MarkupToken): boolean {
  if (token.kind !== 'tag') return false;
  const tag = parseTag(token.text);
  return tag.kind !== 'close' && BLOCKS.has(tag.name);
}
