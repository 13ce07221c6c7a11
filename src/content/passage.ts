import { decodeEntities } from './decode-entities.ts';
import type { Border, TextMode } from './element-kind.ts';
import { escapeText } from './escape-text.ts';

/**
 * A stretch of canonical text while it is written. White space waits until it is known what follows, because only
 * then it is known whether it counts.
 */
export class Passage {
  written = '';
  /** What the next white space comes after. */
  private before: Border | 'text' = 'block';
  private space = false;
  private heldValue = '';

  /** Adds a tag, or a whole element: `border` is what it shows to what comes before, `after` to what follows. */
  markup(markup: string, border: Border, after: Border): void {
    this.settle(border);
    this.written += markup;
    this.before = after;
  }

  /** Adds text as written in the source, outside CDATA. */
  text(raw: string, mode: TextMode): void {
    if (mode === 'collapse') this.collapsed(decodeEntities(raw));
    else this.verbatim(decodeEntities(lineFeeds(raw)), mode);
  }

  /**
   * Adds a CDATA section. Its white space always counts: where text would lose some of it, the section stays a
   * section. Its line ends are line feeds to any XML parser, so they are here.
   */
  cdata(raw: string, mode: TextMode): void {
    const text = lineFeeds(raw);
    if (mode === 'collapse' && COLLAPSIBLE.test(text)) this.word(`<![CDATA[${text}]]>`);
    else if (mode !== 'collapse') this.verbatim(text, mode);
    else if (text !== '') this.word(escapeText(text));
  }

  /** Decides on the white space that waits, now that `next` follows. */
  settle(next: Border | 'text'): void {
    if (this.space && isSeen(this.before, next)) this.written += ' ';
    if (this.heldValue !== '' && !this.heldValue.includes('\n')) this.written += escapeText(this.heldValue);
    this.space = false;
    this.heldValue = '';
  }

  private collapsed(text: string): void {
    let start = 0;
    while (isWhiteSpace(text.charCodeAt(start))) start++;
    if (start > 0) this.space = true;
    if (start === text.length) return;
    let end = text.length;
    while (isWhiteSpace(text.charCodeAt(end - 1))) end--;
    const word = text.slice(start, end);
    this.word(collapse(word));
    this.space = end < text.length;
  }

  private word(canonical: string): void {
    this.settle('text');
    this.written += canonical;
    this.before = 'text';
  }

  private verbatim(text: string, mode: TextMode): void {
    if (mode === 'value' && this.before !== 'text' && BLANK.test(text)) {
      this.heldValue += text;
      return;
    }
    this.written += escapeText(this.heldValue + text);
    this.heldValue = '';
    this.before = 'text';
  }
}

const BLANK = /^[ \t\n\r]*$/;
const COLLAPSIBLE = /^ | $|[\t\n\r]| {2}/;
const SPECIAL = ['&', '<', '>', '\t', '\n', '\r'];
const LAYOUT = /[\t\n\r][ \t\n\r]*| [ \t\n\r]+/g;

function isSeen(before: Border | 'text', next: Border | 'text'): boolean {
  return before !== 'block' && next !== 'block' && !(before === 'loose' && next === 'loose');
}

/** U+00A0 is no white space here: people write it because it does not collapse. */
function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}

function collapse(text: string): string {
  return isPlain(text) ? text : escapeText(text.replace(LAYOUT, ' '));
}

/**
 * Tells text that is canonical as it stands. One search a character is several times as fast as one expression for
 * all, and this is where most of the time would go.
 */
function isPlain(text: string): boolean {
  return !SPECIAL.some((character) => text.includes(character)) && !/ {2}/.test(text);
}

function lineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
