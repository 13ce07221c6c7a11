/** Writes text so that it reads back as itself, also in an attribute's double quotes. */
export function escapeText(text: string): string {
  return SPECIAL.test(text) ? text.replace(EACH_SPECIAL, escapeCharacter) : text;
}

const SPECIAL = /[&<>\r]/;
const EACH_SPECIAL = /[&<>\r]/g;

function escapeCharacter(character: string): string {
  if (character === '&') return '&amp;';
  if (character === '<') return '&lt;';
  return character === '>' ? '&gt;' : '&#13;';
}
