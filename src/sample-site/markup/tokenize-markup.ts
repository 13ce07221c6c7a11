/** A piece of storage format; all pieces in a row are the text again. `raw` is what no rewriting may touch. */
export type MarkupToken = Readonly<{ kind: 'tag' | 'text' | 'raw'; text: string }>;

const RAW_ENDS: readonly (readonly [string, string])[] = [
  ['<![CDATA[', ']]>'],
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<!', '>'],
];

/** Splits storage format into tags, text and raw pieces; what opens and never closes is raw. */
export function tokenizeMarkup(storage: string): MarkupToken[] {
  const tokens: MarkupToken[] = [];
  let at = 0;
  while (at < storage.length) {
    const token = storage[at] === '<' ? readAngle(storage, at) : readText(storage, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function readText(storage: string, at: number): MarkupToken {
  const end = storage.indexOf('<', at);
  return { kind: 'text', text: end === -1 ? storage.slice(at) : storage.slice(at, end) };
}

function readAngle(storage: string, at: number): MarkupToken {
  const raw = RAW_ENDS.find(([opening]) => storage.startsWith(opening, at));
  if (raw !== undefined) return { kind: 'raw', text: readUntil(storage, at, raw[1]) };
  const end = endOfTag(storage, at);
  return end === -1
    ? { kind: 'raw', text: storage.slice(at) }
    : { kind: 'tag', text: storage.slice(at, end + 1) };
}

function readUntil(storage: string, at: number, closing: string): string {
  const end = storage.indexOf(closing, at);
  return end === -1 ? storage.slice(at) : storage.slice(at, end + closing.length);
}

function endOfTag(storage: string, at: number): number {
  let quote = '';
  for (let position = at + 1; position < storage.length; position++) {
    const character = storage[position] ?? '';
    if (quote === '' && character === '>') return position;
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  return -1;
}
