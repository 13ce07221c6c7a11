import { Parser } from 'htmlparser2';

/**
 * Replaces numeric and named HTML entities by their characters. What is no entity (a lone `&`, an unknown name, a number
 * that is no character in XML) stays as written.
 */
export function decodeEntities(text: string): string {
  return text.includes('&') ? text.replace(ENTITY, decodeEntity) : text;
}

const ENTITY = /&(?:#(?:[0-9]+|[xX][0-9a-fA-F]+)|[A-Za-z][A-Za-z0-9]*);/g;

function decodeEntity(entity: string): string {
  if (!entity.startsWith('&#')) return named.get(entity) ?? decodeNamed(entity);
  const digits = entity.slice(2, -1);
  const code = /^[xX]/.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
  return isCharacter(code) ? String.fromCodePoint(code) : entity;
}

function isCharacter(code: number): boolean {
  return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

const named = new Map<string, string>();
/** V8 keeps a longer slice as a view on its whole source string: a key must not hold a body in memory. */
const LONGEST_COPIED_SLICE = 12;

function decodeNamed(entity: string): string {
  let decoded = entity;
  // In an attribute HTML takes no name without its semicolon for an entity, as it would in text (`&notit;`).
  const parser = new Parser({
    onattribute: (_name, value) => {
      decoded = value;
    },
  });
  parser.end(`<a b="${entity}">`);
  if (decoded !== entity && entity.length <= LONGEST_COPIED_SLICE) named.set(entity, decoded);
  return decoded;
}
