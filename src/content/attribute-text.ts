import { decodeEntities } from './decode-entities.ts';
import { escapeText } from './escape-text.ts';
import type { Attribute } from './read-markup.ts';

/** Writes the attributes that count, in the order given, each with a space before it. */
export function attributeText(attributes: readonly Attribute[]): string {
  let text = '';
  for (const { name, value } of attributes)
    if (!VOLATILE.has(name)) text += ` ${name}="${isPlain(value) ? value : canonicalValue(value)}"`;
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

function isPlain(value: string): boolean {
  return !/[&<>"\t\n\r]/.test(value);
}

/** A line break or tab in an attribute is a space to an XML parser; as a character reference it is itself. */
function canonicalValue(value: string): string {
  const decoded = decodeEntities(value.replace(/\r\n|[\t\n\r]/g, ' '));
  return escapeText(decoded).replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');
}
