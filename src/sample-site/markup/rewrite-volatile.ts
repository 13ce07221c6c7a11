import { createDice, type Dice } from '../dice.ts';
import { makeUuid } from '../make-uuid.ts';
import { mix } from '../mix.ts';
import { spaceOutBlocks } from './space-out-blocks.ts';
import { spellEntities } from './spell-entities.ts';
import { swapParameters } from './swap-parameters.ts';
import { parseTag, writeTag, type Tag } from './tag.ts';
import { tokenizeMarkup, type MarkupToken } from './tokenize-markup.ts';

/**
 * Rewrites what Confluence itself rewrites when a page is saved, and nothing that a reader would see: macro ids, schema
 * versions, local ids, versions at save, order of attributes and of named parameters, spelling of entities, style of
 * empty tags, white space between blocks. Another `round` rewrites another way.
 */
export function rewriteVolatile(storage: string, round: number): string {
  const tokens = swapParameters(tokenizeMarkup(storage), round);
  const dice = createDice(mix(round, storage.length, 7));
  return spaceOutBlocks(
    tokens.map((token) => rewriteToken(token, round, dice)),
    round,
  )
    .map((token) => token.text)
    .join('');
}

function rewriteToken(token: MarkupToken, round: number, dice: Dice): MarkupToken {
  switch (token.kind) {
    case 'raw':
      return token;
    case 'text':
      return { kind: 'text', text: spellEntities(token.text, round) };
    case 'tag':
      return { kind: 'tag', text: writeTag(rewriteTag(parseTag(token.text), round, dice), round % 2 === 0) };
  }
}

function rewriteTag(tag: Tag, round: number, dice: Dice): Tag {
  if (tag.kind === 'close') return tag;
  const attributes = injectAttributes(tag, dice).map(({ name, value }) => ({
    name,
    value: volatileValue(name, round, dice) ?? value,
  }));
  return { ...tag, attributes: round % 2 === 1 ? attributes.toReversed() : attributes };
}

function injectAttributes(tag: Tag, dice: Dice): Tag['attributes'] {
  const wanted = INJECTED.get(tag.name) ?? [];
  const missing = wanted.filter((name) => !tag.attributes.some((attribute) => attribute.name === name));
  return [...tag.attributes, ...missing.map((name) => ({ name, value: `"${makeUuid(dice)}"` }))];
}

/** What a save puts into elements that lack it. */
const INJECTED: ReadonlyMap<string, readonly string[]> = new Map([
  ['ac:structured-macro', ['ac:schema-version', 'ac:macro-id']],
  ['p', ['local-id']],
  ['table', ['ac:local-id']],
  ['ri:page', ['ri:version-at-save']],
]);

function volatileValue(name: string, round: number, dice: Dice): string | null {
  switch (name) {
    case 'ac:macro-id':
    case 'local-id':
    case 'ac:local-id':
    case 'ri:local-id':
      return `"${makeUuid(dice)}"`;
    case 'ac:schema-version':
    case 'ri:version-at-save':
      return `"${round + 1}"`;
    default:
      return null;
  }
}
