import { storageTokens, type StorageToken } from './storage-tokens.ts';

type Edit = (body: string) => string;

/** What a person does to a body, by name: each changes its words or structure. A body with no place for it stays. */
export const meaningfulEdits: Readonly<Record<string, Edit>> = {
  'a letter more in the text': firstToken(
    ({ kind, text, inside }) => kind === 'text' && /[a-z]/.test(text) && !inside.includes('ac:adf-attribute'),
    (text) => text.replace(/(?<![&\w#])[a-z]/, 'q$&'),
  ),
  'another macro': firstToken(isTag('ac:structured-macro'), (tag) => tag.replace(' ac:name="', '$&x')),
  'another link target': firstToken(isTag('ri:page'), (tag) => tag.replace('ri:content-title="', '$&x')),
  'another attachment': firstToken(isTag('ri:attachment'), (tag) => tag.replace('ri:filename="', '$&x')),
  'another address': firstToken(isTag('a'), (tag) => tag.replace('href="', '$&x')),
  'another parameter name': firstToken(isTag('ac:parameter'), (tag) => tag.replace('ac:name="', '$&x')),
  'another parameter value': firstToken(isTextOf('ac:parameter'), (text) => `x${text}`),
  'a space more in a parameter': firstToken(isTextOf('ac:parameter'), (text) => `${text} `),
  'a space more in code': firstToken(isTextOf('ac:plain-text-body'), spaceMore),
  'a line more in code': firstToken(isTextOf('ac:plain-text-body'), (text) =>
    spaceMore(text).replace(' ', '\n'),
  ),
  'a space more in preformatted text': firstToken(isTextOf('pre'), (text) => ` ${text}`),
  'a paragraph more': (body) => `${body}<p></p>`,
  'an element around': (body) => `<div>${body}</div>`,
};

function firstToken(fits: (token: StorageToken) => boolean, edit: (text: string) => string): Edit {
  return (body) => {
    const tokens = storageTokens(body);
    const first = tokens.findIndex(fits);
    return tokens.map(({ text }, index) => (index === first ? edit(text) : text)).join('');
  };
}

function isTag(name: string): (token: StorageToken) => boolean {
  return (token) => token.name === name && token.kind !== 'close';
}

function isTextOf(parent: string): (token: StorageToken) => boolean {
  return ({ kind, text, inside }) =>
    (kind === 'text' || kind === 'cdata') && inside.at(-1) === parent && text.trim() !== '';
}

function spaceMore(text: string): string {
  return text.startsWith('<![CDATA[') ? text.replace('<![CDATA[', '$& ') : ` ${text}`;
}
