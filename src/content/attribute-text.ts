import { attributeValue } from './attribute-value.ts';
import type { Attribute } from './read-markup.ts';

/** Writes the attributes that count, in the order given, each with a space before it. */
export function attributeText(attributes: readonly Attribute[]): string {
  let text = '';
  for (const { name, value } of attributes)
    if (!VOLATILE.has(name)) text += ` ${name}="${attributeValue(value)}"`;
  return text;
}

/** What Confluence writes anew by itself, whoever saves the page. */
const VOLATILE: ReadonlySet<string> = new Set([
  'ac:macro-id',
  'ac:schema-version',
  'local-id',
  'ac:local-id',
  'ri:local-id',
  'localId',
  'ri:version-at-save',
]);
