/**
 * How an element's border takes white space: a `block` border drops it, an `inline` one keeps it as one space, a `loose` one
 * drops it only towards another loose border or a block (two macros, each on its line), not towards words.
 */
export type Border = 'block' | 'loose' | 'inline';

/**
 * How white space in text counts: runs `collapse` to one space; all of it is to `keep`; a `value` is kept too, but for
 * line breaks and indentation around elements.
 */
export type TextMode = 'collapse' | 'keep' | 'value';

/** What the canonical form does with an element and its content. */
export type ElementKind = Readonly<{
  role: 'content' | 'macro' | 'parameter' | 'adf-attribute' | 'comment-marker';
  outside: Border;
  inside: Border;
  /** Null takes over the mode of the element around. */
  text: TextMode | null;
  /** True where blocks are at home: macros and images directly in it have loose borders, elsewhere inline ones. */
  holdsBlocks: boolean;
}>;

/** Finds the kind by the element's name; unknown elements are inline. */
export function elementKind(name: string): ElementKind {
  return KINDS.get(name) ?? (name.startsWith('ri:') ? RESOURCE : INLINE);
}

const INLINE: ElementKind = {
  role: 'content',
  outside: 'inline',
  inside: 'inline',
  text: null,
  holdsBlocks: false,
};
const BLOCK: ElementKind = { ...INLINE, outside: 'block', inside: 'block', holdsBlocks: true };
const PARAGRAPH: ElementKind = { ...BLOCK, holdsBlocks: false };
const BODY: ElementKind = { ...BLOCK, text: 'collapse' };
const CODE: ElementKind = { ...INLINE, text: 'keep' };
const PREFORMATTED: ElementKind = { ...PARAGRAPH, text: 'keep' };
const HOLDER: ElementKind = { ...BODY, outside: 'inline' };
const RESOURCE: ElementKind = { ...BODY, outside: 'loose' };
const LINK_BODY: ElementKind = { ...INLINE, outside: 'block', text: 'collapse' };
const PARAMETER: ElementKind = { ...RESOURCE, role: 'parameter', text: 'value' };

const KINDS: ReadonlyMap<string, ElementKind> = new Map([
  ...named(PARAGRAPH, 'p h1 h2 h3 h4 h5 h6 br hr dt caption summary legend figcaption'),
  ...named(
    BLOCK,
    'address article aside blockquote center dd details dialog div dl fieldset figure footer form',
  ),
  ...named(BLOCK, 'header hgroup li main menu nav ol section ul'),
  ...named(BLOCK, 'table thead tbody tfoot tr th td colgroup col'),
  ...named(CODE, 'code'),
  ...named(PREFORMATTED, 'pre ac:plain-text-body ac:plain-text-link-body'),
  ...named(BODY, 'ac:rich-text-body ac:layout ac:layout-section ac:layout-cell ac:caption'),
  ...named(BODY, 'ac:task-list ac:task ac:task-id ac:task-uuid ac:task-status ac:task-body'),
  ...named(BODY, 'ac:adf-extension ac:adf-node ac:adf-content ac:adf-fallback'),
  ...named({ ...RESOURCE, role: 'macro' }, 'ac:structured-macro'),
  ...named(RESOURCE, 'ac:macro ac:image'),
  ...named(HOLDER, 'ac:link'),
  ...named(LINK_BODY, 'ac:link-body'),
  ...named(PARAMETER, 'ac:parameter'),
  ...named({ ...PARAMETER, role: 'content' }, 'ac:default-parameter'),
  ...named({ ...PARAMETER, role: 'adf-attribute' }, 'ac:adf-attribute'),
  ...named({ ...INLINE, role: 'comment-marker' }, 'ac:inline-comment-marker'),
]);

function named(kind: ElementKind, names: string): [string, ElementKind][] {
  return names.split(' ').map((name) => [name, kind]);
}
