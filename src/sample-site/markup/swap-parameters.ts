import { parseTag } from './tag.ts';
import type { MarkupToken } from './tokenize-markup.ts';

/** One `ac:parameter` from its opening to its closing tag: tokens `[from, to)`. */
type Parameter = Readonly<{ from: number; to: number; name: string | null }>;

/** In odd rounds, turns round the order of parameters that follow one another, where their names tell them apart. */
export function swapParameters(tokens: readonly MarkupToken[], round: number): readonly MarkupToken[] {
  if (round % 2 === 0) return tokens;
  const swapped: MarkupToken[] = [];
  let at = 0;
  while (at < tokens.length) {
    const group = readGroup(tokens, at);
    const ordered = opensMacro(tokens[at - 1]) && namesDiffer(group) ? group.toReversed() : group;
    for (const parameter of ordered) swapped.push(...tokens.slice(parameter.from, parameter.to));
    const next = group.at(-1)?.to ?? at;
    const token = tokens[next];
    if (next === at && token !== undefined) swapped.push(token);
    at = next === at ? at + 1 : next;
  }
  return swapped;
}

function opensMacro(token: MarkupToken | undefined): boolean {
  return token?.kind === 'tag' && parseTag(token.text).name === 'ac:structured-macro';
}

function readGroup(tokens: readonly MarkupToken[], at: number): Parameter[] {
  const group: Parameter[] = [];
  for (let next = readParameter(tokens, at); next !== null; next = readParameter(tokens, next.to))
    group.push(next);
  return group;
}

function readParameter(tokens: readonly MarkupToken[], from: number): Parameter | null {
  const opening = tokens[from];
  if (opening?.kind !== 'tag') return null;
  const tag = parseTag(opening.text);
  if (tag.name !== 'ac:parameter' || tag.kind === 'close') return null;
  const name = tag.attributes.find((attribute) => attribute.name === 'ac:name')?.value ?? null;
  const to = tag.kind === 'empty' ? from + 1 : endOfParameter(tokens, from);
  return to === null ? null : { from, to, name };
}

function endOfParameter(tokens: readonly MarkupToken[], from: number): number | null {
  for (let at = from + 1; at < tokens.length; at++) if (tokens[at]?.text === '</ac:parameter>') return at + 1;
  return null;
}

function namesDiffer(group: readonly Parameter[]): boolean {
  const names = group.flatMap(({ name }) => (name === null ? [] : [name]));
  return names.length === group.length && new Set(names).size === names.length;
}
