import { decodeEntities } from './decode-entities.ts';
import { escapeText } from './escape-text.ts';

/**
 * Writes an attribute's value, given as in the source, for double quotes. A line break or tab in it is a space, as it is to
 * any XML parser; written as a character reference it is itself.
 */
export function attributeValue(raw: string): string {
  if (!/[&<>"\t\n\r]/.test(raw)) return raw;
  const decoded = decodeEntities(raw.replace(/\r\n|[\t\n\r]/g, ' '));
  return escapeText(decoded).replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');
}
