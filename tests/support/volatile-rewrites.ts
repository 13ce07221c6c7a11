import { storageTokens, type StorageToken } from './storage-tokens.ts';

type Rewrite = (body: string) => string;

/** What Confluence does to a body by itself, by name: none of it changes the words or the structure. */
export const volatileRewrites: Readonly<Record<string, Rewrite>> = {
  'new macro ids': onTags(/^ac:structured-macro$/, (tag) =>
    withAttribute(without(tag, 'ac:macro-id'), 'ac:macro-id="1b7f-99"'),
  ),
  'no macro ids and schema versions': onTags(/^ac:structured-macro$/, (tag) =>
    without(without(tag, 'ac:macro-id'), 'ac:schema-version'),
  ),
  'new schema versions': onTags(/^ac:structured-macro$/, (tag) =>
    withAttribute(without(tag, 'ac:schema-version'), 'ac:schema-version="7"'),
  ),
  'local ids': onTags(/^(p|h\d|li|td|table|ac:task|ac:image)$/, (tag) =>
    withAttribute(withAttribute(without(tag, 'local-id'), 'local-id="cce4"'), 'ac:local-id="5"'),
  ),
  'other local ids': onTags(/^ri:/, (tag) =>
    withAttribute(withAttribute(tag, 'ri:local-id="a"'), 'localId="b"'),
  ),
  'local ids as elements': onTags(/^(p|ac:layout-cell)$/, (tag, { kind }) =>
    kind === 'open' ? `${tag}<ac:adf-attribute key="local-id">77<b> x </b></ac:adf-attribute>` : tag,
  ),
  'versions at save': onTags(/^ri:/, (tag) => withAttribute(tag, 'ri:version-at-save="12"')),
  'attributes in reverse order': onTags(/./, reverseAttributes),
  'parameters in reverse order': reverseParameters,
  'empty parameters': onTags(/^ac:structured-macro$/, (tag, { kind }) =>
    kind === 'open'
      ? `${tag}<ac:parameter ac:name="atlassian" /><ac:parameter ac:name="b"></ac:parameter>`
      : tag,
  ),
  'a space before the slash': onEmptyTags((inner) => `<${inner} />`),
  'no space before the slash': onEmptyTags((inner) => `<${inner}/>`),
  'closing tags for empty elements': onEmptyTags((inner, name) => `<${inner}></${name}>`),
  'CRLF line ends': (body) => body.replace(/\r?\n/g, '\r\n'),
  'white space between blocks': spaceBlocks('\n  '),
  'line ends between blocks': spaceBlocks('\r\n\t'),
  'a line end for a space': eachToken((token) =>
    token.kind === 'text' && !isExact(token) ? token.text.replaceAll(' ', '\n\t ') : token.text,
  ),
  'named entities': onText((text) => text.replaceAll('\u00a0', '&nbsp;').replaceAll('’', '&rsquo;')),
  'numeric entities': onText((text) => text.replace(/[^\0-~]/gu, (c) => `&#${c.codePointAt(0) ?? 0};`)),
  'hexadecimal entities': onText((text) =>
    text.replace(
      text.includes('&') ? /[^\0-~]/gu : /[^\0-~]|e/gu,
      (c) => `&#x${(c.codePointAt(0) ?? 0).toString(16)};`,
    ),
  ),
  'characters for entities': onText((text) => text.replaceAll('&nbsp;', '\u00a0').replaceAll('&rsquo;', '’')),
  'inline comments': eachToken((token) =>
    token.kind === 'text' && !isExact(token) && token.text.trim() !== ''
      ? `<ac:inline-comment-marker ac:ref="9d-1">${token.text}</ac:inline-comment-marker>`
      : token.text,
  ),
  'inline comments on single letters': eachToken((token) =>
    token.kind === 'text' && !token.text.includes('&') && !isExact(token)
      ? token.text.replace(/[a-z]/, '<ac:inline-comment-marker ac:ref="9d-2">$&</ac:inline-comment-marker>')
      : token.text,
  ),
  'XML comments': onTags(
    /^(p|b|td|ac:rich-text-body)$/,
    (tag) => `<!-- ${tag.replaceAll('-', '')} -->${tag}`,
  ),
  'escaped text for CDATA in plain-text bodies': eachToken(({ kind, text, inside }) =>
    kind === 'cdata' && /plain-text/.test(inside.at(-1) ?? '') ? escaped(text.slice(9, -3)) : text,
  ),
};

function eachToken(rewrite: (token: StorageToken) => string): Rewrite {
  return (body) => storageTokens(body).map(rewrite).join('');
}

function onTags(name: RegExp, rewrite: (tag: string, token: StorageToken) => string): Rewrite {
  return eachToken((token) =>
    (token.kind === 'open' || token.kind === 'empty') && name.test(token.name)
      ? rewrite(token.text, token)
      : token.text,
  );
}

function onEmptyTags(rewrite: (inner: string, name: string) => string): Rewrite {
  return onTags(/./, (tag, { kind, name }) => {
    return kind === 'empty' ? rewrite(tag.slice(1, -2).trimEnd(), name) : tag;
  });
}

/** Text and tags may be spelt with entities, CDATA may not. */
function onText(rewrite: (text: string) => string): Rewrite {
  return eachToken(({ kind, text }) => {
    if (kind === 'text') return rewrite(text);
    if (kind !== 'open' && kind !== 'empty') return text;
    return text.replace(/"[^"]*"|'[^']*'/g, rewrite);
  });
}

function without(tag: string, attribute: string): string {
  return tag.replace(new RegExp(`\\s${attribute}="[^"]*"`), '');
}

function withAttribute(tag: string, attribute: string): string {
  return tag.includes(` ${attribute.slice(0, attribute.indexOf('='))}=`)
    ? tag
    : tag.replace(/^<[^\s/>]+/, `$& ${attribute}`);
}

function reverseAttributes(tag: string): string {
  const attributes = tag.match(/\s[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*')/g) ?? [];
  if (attributes.length < 2) return tag;
  const start = tag.indexOf(attributes[0] ?? '');
  const rest = tag.endsWith('/>') ? '/>' : '>';
  return `${tag.slice(0, start)}${attributes.toReversed().join('')}${rest}`;
}

const PRESERVING = /^(pre|code|ac:plain-text-body|ac:plain-text-link-body|ac:parameter)$/;

function isExact({ inside }: StorageToken): boolean {
  return inside.some((name) => PRESERVING.test(name));
}

const BLOCK =
  /^(p|h\d|ul|ol|li|table|tbody|thead|tr|td|th|hr|blockquote|div|pre|ac:(rich-text-body|layout.*|task.*|plain-text-body))$/;

function spaceBlocks(space: string): Rewrite {
  return eachToken((token) =>
    BLOCK.test(token.name) && !isExact(token) && token.kind !== 'text' ? spaced(token, space) : token.text,
  );
}

function spaced({ kind, name, text }: StorageToken, space: string): string {
  const inner = PRESERVING.test(name) ? '' : space;
  if (kind === 'empty') return space + text + space;
  return kind === 'open' ? space + text + inner : inner + text + space;
}

/** Reverses neighbouring parameters of a macro, where no two have one name. */
function reverseParameters(body: string): string {
  const parts: string[] = [];
  let run: string[] = [];
  let parameter = '';
  const endRun = (): void => {
    const names = run.map((text) => /ac:name="([^"]*)"/.exec(text)?.[1]);
    parts.push(...(new Set(names).size === names.length ? run.toReversed() : run));
    run = [];
  };
  for (const { kind, name, text, inside } of storageTokens(body)) {
    const own = name === 'ac:parameter' && !inside.includes('ac:parameter');
    if (own || inside.includes('ac:parameter')) parameter += text;
    if (own && kind !== 'open') {
      run.push(parameter);
      parameter = '';
    } else if (
      !own &&
      !inside.includes('ac:parameter') &&
      !(run.length > 0 && kind === 'text' && text.trim() === '')
    ) {
      endRun();
      parts.push(text);
    }
  }
  endRun();
  return parts.join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
