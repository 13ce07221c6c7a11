import { attributeText } from './attribute-text.ts';
import { attributeValue } from './attribute-value.ts';
import { elementKind, type Border, type ElementKind, type TextMode } from './element-kind.ts';
import { Passage } from './passage.ts';
import type { Attribute, MarkupHandler } from './read-markup.ts';

type Parameter = Readonly<{ name: string; text: string }>;

/** An element that is open. */
type Frame = Readonly<{
  kind: ElementKind;
  border: Border;
  mode: TextMode;
  /** True for an element whose content stands where the element stood: it is its parent's frame otherwise. */
  unwrapped: boolean;
  /** Of a macro: what it was given so far. */
  parameters: Parameter[] | null;
  /** Of a parameter: where the text goes on once it is closed. */
  outer: OuterText | null;
}>;

type OuterText = Readonly<{ passage: Passage; name: string; tag: string }>;

const ROOT: Frame = {
  kind: elementKind('div'),
  border: 'block',
  mode: 'collapse',
  unwrapped: false,
  parameters: null,
  outer: null,
};
const CHUNK_CHARACTERS = 65_536;

/**
 * Writes the canonical form of the document it is told. A macro's parameters come last in it, sorted by name: so
 * nothing but parameters has to wait, however long the macro's body is.
 */
export class CanonicalWriter implements MarkupHandler {
  private readonly sink: (chunk: string) => void;
  private readonly main = new Passage();
  private passage = this.main;
  private readonly frames: Frame[] = [];
  private frame = ROOT;
  /** How many open elements are left out, with all that is in them. */
  private leftOut = 0;

  constructor(sink: (chunk: string) => void) {
    this.sink = sink;
  }

  open(name: string, attributes: readonly Attribute[]): void {
    const kind = elementKind(name);
    if (this.leftOut > 0 || isVolatile(kind, attributes)) {
      this.leftOut++;
      return;
    }
    const parent = this.frame;
    this.frames.push(parent);
    if (kind.role === 'comment-marker') {
      this.frame = { ...parent, unwrapped: true };
      return;
    }
    const border = kind.outside === 'loose' && !parent.kind.holdsBlocks ? 'inline' : kind.outside;
    const tag = `<${name}${attributeText(attributes)}>`;
    if (kind.role !== 'parameter') this.passage.markup(tag, border, kind.inside);
    this.frame = {
      kind,
      border,
      mode: kind.text ?? parent.mode,
      unwrapped: false,
      parameters: kind.role === 'macro' ? [] : null,
      outer: kind.role === 'parameter' ? this.beginParameter(tag, attributes) : null,
    };
  }

  close(name: string): void {
    if (this.leftOut > 0) {
      this.leftOut--;
      return;
    }
    const frame = this.frame;
    this.frame = this.frames.pop() ?? ROOT;
    if (frame.unwrapped) return;
    if (frame.outer !== null) this.endParameter(frame.outer, frame.border);
    else this.passage.markup(`${sorted(frame.parameters)}</${name}>`, frame.kind.inside, frame.border);
    this.flush();
  }

  text(raw: string): void {
    if (this.leftOut === 0) this.passage.text(raw, this.frame.mode);
  }

  cdata(raw: string): void {
    if (this.leftOut === 0) this.passage.cdata(raw, this.frame.mode);
  }

  /** Hands out what is left. Call it once, when the document is read to its end. */
  end(): void {
    this.main.settle('block');
    this.sink(this.main.written);
  }

  private beginParameter(tag: string, attributes: readonly Attribute[]): OuterText {
    const outer = { passage: this.passage, name: attributeValue(valueOf(attributes, 'ac:name')), tag };
    this.passage = new Passage();
    return outer;
  }

  private endParameter(outer: OuterText, border: Border): void {
    this.passage.settle('block');
    const content = this.passage.written;
    this.passage = outer.passage;
    if (content === '') return;
    const text = `${outer.tag}${content}</ac:parameter>`;
    if (this.frame.parameters !== null) this.frame.parameters.push({ name: outer.name, text });
    else this.passage.markup(text, border, border);
  }

  private flush(): void {
    if (this.passage !== this.main || this.main.written.length < CHUNK_CHARACTERS) return;
    const { written } = this.main;
    // A lone half of a surrogate pair becomes U+FFFD when it is encoded: it waits for what follows.
    const whole = /[\ud800-\udbff]$/.test(written) ? written.length - 1 : written.length;
    this.sink(written.slice(0, whole));
    this.main.written = written.slice(whole);
  }
}

function isVolatile(kind: ElementKind, attributes: readonly Attribute[]): boolean {
  if (kind.role !== 'adf-attribute') return false;
  const key = valueOf(attributes, 'key');
  return key === 'local-id' || key === 'localId';
}

function valueOf(attributes: readonly Attribute[], name: string): string {
  return attributes.find((attribute) => attribute.name === name)?.value ?? '';
}

function sorted(parameters: Parameter[] | null): string {
  if (parameters === null || parameters.length === 0) return '';
  parameters.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return parameters.map(({ text }) => text).join('');
}
