/** A tag taken apart. An attribute's value keeps its quotes; null is an attribute without a value. */
export type Tag = Readonly<{
  name: string;
  kind: 'open' | 'close' | 'empty';
  attributes: readonly Readonly<{ name: string; value: string | null }>[];
}>;

const ATTRIBUTE = /([^\s=/>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?/g;

/** Takes a tag's text apart. */
export function parseTag(text: string): Tag {
  if (text.startsWith('</')) return { name: text.slice(2, -1).trim(), kind: 'close', attributes: [] };
  const empty = text.endsWith('/>');
  const inner = text.slice(1, empty ? -2 : -1);
  const name = /^[^\s/>]*/.exec(inner)?.[0] ?? '';
  const attributes = [...inner.slice(name.length).matchAll(ATTRIBUTE)].map((match) => ({
    name: match[1] ?? '',
    value: match[2] ?? null,
  }));
  return { name, kind: empty ? 'empty' : 'open', attributes };
}

/** Puts a tag together; `space` is whether an empty one is written `<br />` or `<br/>`. */
export function writeTag(tag: Tag, space: boolean): string {
  if (tag.kind === 'close') return `</${tag.name}>`;
  const attributes = tag.attributes.map(({ name, value }) =>
    value === null ? ` ${name}` : ` ${name}=${value}`,
  );
  const end = tag.kind === 'open' ? '>' : space ? ' />' : '/>';
  return `<${tag.name}${attributes.join('')}${end}`;
}
