/** A piece of a body: the pieces of a body, put together, are the body. */
export type StorageToken = Readonly<{
  kind: 'open' | 'empty' | 'close' | 'text' | 'cdata' | 'comment';
  /** Of a tag, else empty. */
  name: string;
  text: string;
  /** Names of the elements around, outermost first; a tag is not inside itself. */
  inside: readonly string[];
}>;

const TOKEN = /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<(?:"[^"]*"|'[^']*'|[^"'>])*>|[^<]+/g;

/** Cuts a well-formed body into its pieces, by other means than the code under test. */
export function storageTokens(body: string): StorageToken[] {
  let inside: readonly string[] = [];
  return (body.match(TOKEN) ?? []).map((text) => {
    const kind = kindOf(text);
    const name = /^<\/?([^\s/>]+)/.exec(text)?.[1] ?? '';
    if (kind === 'close') inside = inside.slice(0, -1);
    const token = { kind, name: kind === 'cdata' || kind === 'comment' ? '' : name, text, inside };
    if (kind === 'open') inside = [...inside, name];
    return token;
  });
}

function kindOf(text: string): StorageToken['kind'] {
  if (text.startsWith('<![CDATA[')) return 'cdata';
  if (text.startsWith('<!--')) return 'comment';
  if (text.startsWith('</')) return 'close';
  if (text.startsWith('<')) return text.endsWith('/>') ? 'empty' : 'open';
  return 'text';
}
