import { QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2';

/** An attribute as written: entities and line ends are still in the value. */
export type Attribute = Readonly<{ name: string; value: string }>;

/** Takes the parts of a document in their order. Comments, doctype and processing instructions never come. */
export interface MarkupHandler {
  /** Attributes come sorted by name, each name once. */
  open(name: string, attributes: readonly Attribute[]): void;
  close(name: string): void;
  /** Text as written, entities still in it. */
  text(raw: string): void;
  cdata(raw: string): void;
}

/**
 * Reads a document in one pass and returns whether it was well-formed to its end; the handler may have been given a part of a
 * document that was not.
 */
export function readMarkup(text: string, handler: MarkupHandler): boolean {
  const reader = new MarkupReader(text, handler);
  const tokenizer = new Tokenizer({ xmlMode: true, decodeEntities: false }, reader);
  reader.onfailure = () => {
    tokenizer.pause();
  };
  tokenizer.write(text);
  tokenizer.end();
  return reader.complete;
}

const SLASH = 0x2f;
const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const NAME = /^[A-Za-z_:\u0080-\uffff][-A-Za-z0-9_:.\u0080-\uffff]*$/;
const NO_ATTRIBUTES: readonly Attribute[] = [];

/**
 * Adds to the tokenizer what it does not ask for: that names are names and tags close what was opened. What it skips
 * without a word (a tag that never ends, say) shows as a gap between `done` and the next token, or the end.
 */
class MarkupReader implements TokenizerCallbacks {
  /** Stays false after a failure: either the end is never reached, or what failed at the end leaves a gap. */
  complete = false;
  onfailure: () => void = () => undefined;

  private readonly text: string;
  private readonly handler: MarkupHandler;
  private readonly openNames: string[] = [];
  /** Where the last token ended: all before it is understood. */
  private done = 0;
  private name = '';
  private attributes: Attribute[] = [];
  private attributeName = '';
  private attributeValue = '';

  constructor(text: string, handler: MarkupHandler) {
    this.text = text;
    this.handler = handler;
  }

  onopentagname(start: number, end: number): void {
    this.name = this.text.slice(start, end);
    if (!NAME.test(this.name)) this.fail();
  }

  onattribname(start: number, end: number): void {
    this.attributeName = this.text.slice(start, end);
    if (!NAME.test(this.attributeName)) this.fail();
  }

  onattribdata(start: number, end: number): void {
    this.attributeValue = this.text.slice(start, end);
  }

  onattribend(quote: QuoteType): void {
    if (quote !== QuoteType.Double && quote !== QuoteType.Single) this.fail();
    this.attributes.push({ name: this.attributeName, value: this.attributeValue });
  }

  onopentagend(end: number): void {
    this.openNames.push(this.name);
    this.handler.open(this.name, this.takeAttributes());
    this.done = end + 1;
  }

  onselfclosingtag(end: number): void {
    this.handler.open(this.name, this.takeAttributes());
    this.handler.close(this.name);
    this.done = end + 1;
  }

  onclosetag(start: number, end: number): void {
    const name = this.openNames.pop();
    if (this.text.charCodeAt(start - 1) !== SLASH || name !== this.text.slice(start, end)) {
      this.fail();
      return;
    }
    this.done = this.endOfClosingTag(end);
    this.handler.close(name);
  }

  ontext(start: number, end: number): void {
    if (start !== this.done || this.text.charCodeAt(start) === LESS_THAN) {
      this.fail();
      return;
    }
    this.handler.text(this.text.slice(start, end));
    this.done = end;
  }

  oncdata(start: number, end: number, endLength: number): void {
    if (endLength !== ']]'.length) this.fail();
    this.handler.cdata(this.text.slice(start, end - endLength));
    this.done = end + 1;
  }

  oncomment(_start: number, end: number, endLength: number): void {
    // HTML also ends a comment at `--!>`, XML does not: what such a body says depends on who reads it.
    if (endLength !== '--'.length) this.fail();
    this.done = end + 1;
  }

  ondeclaration(start: number, end: number): void {
    const declaration = this.text.slice(start, end);
    if (!declaration.startsWith('DOCTYPE') || declaration.includes('[')) this.fail();
    this.done = end + 1;
  }

  onprocessinginstruction(_start: number, end: number): void {
    this.done = end + '?>'.length;
  }

  onend(): void {
    this.complete = this.done === this.text.length && this.openNames.length === 0;
  }

  /** Never called: entities are left to the handler. */
  onattribentity(): void {
    this.fail();
  }

  /** Never called: entities are left to the handler. */
  ontextentity(): void {
    this.fail();
  }

  private endOfClosingTag(endOfName: number): number {
    if (this.text.charCodeAt(endOfName) === GREATER_THAN) return endOfName + 1;
    const end = this.text.indexOf('>', endOfName);
    if (!/^[ \t\r\n]*$/.test(this.text.slice(endOfName, end))) this.fail();
    return end + 1;
  }

  private takeAttributes(): readonly Attribute[] {
    if (this.attributes.length === 0) return NO_ATTRIBUTES;
    const taken = this.attributes;
    this.attributes = [];
    if (!sortByName(taken)) this.fail();
    return taken;
  }

  private fail(): void {
    this.onfailure();
  }
}

/** Sorts in place; false when a name comes twice. */
function sortByName(attributes: Attribute[]): boolean {
  if (isAscending(attributes)) return true;
  attributes.sort((a, b) => (a.name < b.name ? -1 : 1));
  return isAscending(attributes);
}

function isAscending(attributes: readonly Attribute[]): boolean {
  let previous = '';
  for (const { name } of attributes) {
    if (name <= previous) return false;
    previous = name;
  }
  return true;
}
