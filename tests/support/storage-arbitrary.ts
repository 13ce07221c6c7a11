import fc from 'fast-check';

/** What stands in a line of text: words, what dresses them, and what stands for them. */
export type Inline =
  | Readonly<{ kind: 'words'; text: string }>
  | Readonly<{ kind: 'dressed'; element: 'strong' | 'em' | 'span' | 'code'; content: readonly Inline[] }>
  | Readonly<{ kind: 'link'; page: string; label: string }>
  | Readonly<{ kind: 'anchor'; href: string; content: readonly Inline[] }>
  | Readonly<{ kind: 'status'; parameters: readonly Parameter[] }>
  | Readonly<{ kind: 'break' }>;

/** A macro's parameter. */
export type Parameter = Readonly<{ name: string; value: string }>;

/** A part of a page. */
export type Block =
  | Readonly<{ kind: 'text'; element: 'p' | 'h2' | 'blockquote'; content: readonly Inline[] }>
  | Readonly<{ kind: 'list'; element: 'ul' | 'ol'; items: readonly (readonly Inline[])[] }>
  | Readonly<{ kind: 'table'; rows: readonly (readonly (readonly Inline[])[])[] }>
  | Readonly<{ kind: 'code'; parameters: readonly Parameter[]; code: string }>
  | Readonly<{ kind: 'panel'; name: string; parameters: readonly Parameter[]; body: readonly Block[] }>
  | Readonly<{ kind: 'pre'; code: string }>
  | Readonly<{ kind: 'image'; file: string }>;

/** A page as its words and structure: two different values are two different pages. */
export type StorageDocument = readonly Block[];

const ELEMENTS = [
  ...['p', 'b', 'pre', 'code', 'br', 'div', 'td', 'unknown', 'ac:structured-macro', 'ac:structured-macro'],
  ...[
    'ac:parameter',
    'ac:parameter',
    'ac:rich-text-body',
    'ac:plain-text-body',
    'ac:link',
    'ac:link-body',
    'ri:page',
  ],
  ...['ac:image', 'ac:inline-comment-marker', 'ac:adf-attribute', 'ac:macro', 'ac:task-body'],
];
const ATTRIBUTES = [
  ...['ac:name="a"', "ac:name='b\n&#10;'", 'ac:macro-id="1"', 'key="local-id"', 'key="x"', 'local-id="2"'],
  ...['href="&amp;&quot;&lt;"', "title='\"\t>'"],
];
const TEXT_PIECES = [
  ...[
    ' ',
    '  ',
    '\n',
    '\r\n',
    '\t',
    '&#32;',
    '&#10;',
    '&#13;',
    '\u00a0',
    '&nbsp;',
    'a',
    'b c',
    ' d',
    'e ',
    '&',
    '&amp;',
  ],
  ...[
    '&lt;',
    '>',
    '&bogus;',
    'amp;',
    '<!-- c -->',
    '<?pi?>',
    '<![CDATA[]]>',
    '<![CDATA[x]]>',
    '<![CDATA[ ]]>',
  ],
  ...['<![CDATA[\n]]>', '<![CDATA[<&amp;]]]>', '\ud83d', '\ude00', '😀'],
];

/** Characters that a careless writer would mix up, few enough that two texts are often nearly the same. */
const LETTERS = [
  'a',
  'b',
  'z',
  '<',
  '>',
  '&',
  '"',
  "'",
  ']]',
  ';',
  '&amp;',
  '#',
  '\u00a0',
  '’',
  'é',
  '😀',
  '/',
  '=',
];

/** Words with single spaces between them: text as it stands in its normal form. */
export const words: fc.Arbitrary<string> = fc
  .array(fc.array(fc.constantFrom(...LETTERS), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((all) => all.map((letters) => letters.join('')).join(' '));

/** Code: white space anywhere, also alone. */
export const code: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...LETTERS, ' ', '  ', '\n', '\t', 'if', '\n    '), { maxLength: 8 })
  .map((parts) => parts.join(''));

/** Parameters as a server may list them: named apart, ordered by name, none of them empty. */
export const parameters: fc.Arbitrary<readonly Parameter[]> = fc
  .uniqueArray(fc.record({ name: fc.constantFrom('', 'a', 'B', 'title', 'z<"'), value: words }), {
    selector: ({ name }) => name,
    maxLength: 3,
  })
  .map((all) => all.toSorted((a, b) => (a.name < b.name ? -1 : 1)));

const inlineTie = fc.letrec<{ inline: Inline; line: readonly Inline[] }>((tie) => ({
  inline: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('words' as const), text: words }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('dressed' as const),
        element: fc.constantFrom('strong' as const, 'em' as const, 'span' as const, 'code' as const),
        content: tie('line'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('link' as const), page: words, label: words }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('anchor' as const), href: words, content: tie('line') }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('status' as const), parameters }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'break' as const }) },
  ),
  // Neighbouring words are one text when read, so in a document they are one from the start.
  line: fc.array(tie('inline'), { maxLength: 4 }).map(withoutNeighbouringWords),
}));

function withoutNeighbouringWords(line: readonly Inline[]): readonly Inline[] {
  return line.filter(({ kind }, index) => kind !== 'words' || line[index - 1]?.kind !== 'words');
}

/** A line of text, perhaps empty. */
export const line: fc.Arbitrary<readonly Inline[]> = inlineTie.line;

/** Pages with most of what storage format has. */
export const storageDocument: fc.Arbitrary<StorageDocument> = fc.letrec<{
  block: Block;
  blocks: StorageDocument;
}>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('text' as const),
      element: fc.constantFrom('p' as const, 'h2' as const, 'blockquote' as const),
      content: line,
    }),
    fc.record({
      kind: fc.constant('list' as const),
      element: fc.constantFrom('ul' as const, 'ol' as const),
      items: fc.array(line, { maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('table' as const),
      rows: fc.array(fc.array(line, { maxLength: 2 }), { maxLength: 2 }),
    }),
    fc.record({ kind: fc.constant('code' as const), parameters, code }),
    fc.record({
      kind: fc.constant('panel' as const),
      name: fc.constantFrom('info', 'note', 'a&b'),
      parameters,
      body: tie('blocks'),
    }),
    fc.record({ kind: fc.constant('pre' as const), code }),
    fc.record({ kind: fc.constant('image' as const), file: words }),
  ),
  blocks: fc.array(tie('block'), { maxLength: 4 }),
})).blocks;

/** Anything at all: markup put together at random, seldom well-formed, and plain random text. */
export const anyString: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  // Lone surrogates are in no other unit.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((codes) => String.fromCharCode(...codes)),
  soup(25),
);

/** Well-formed markup with nothing sensible about it: elements in each other anyhow, white space everywhere. */
export const wellFormedSoup: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    { weight: 3, arbitrary: fc.constantFrom(...TEXT_PIECES) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.constantFrom(...ELEMENTS),
          fc.uniqueArray(fc.constantFrom(...ATTRIBUTES), {
            maxLength: 3,
            selector: (text) => text.split('=')[0],
          }),
          fc.array(tie('node'), { maxLength: 4 }),
        )
        .map(
          ([name, attributes, content]) =>
            `<${[name, ...attributes].join(' ')}>${content.join('')}</${name}>`,
        ),
    },
  ),
})).node;

function soup(maxLength: number): fc.Arbitrary<string> {
  const pieces = [
    '<',
    '</',
    '>',
    '/>',
    '<p>',
    '</p>',
    '<p ',
    'a="b"',
    'a=b',
    ' a',
    '"',
    "'",
    '<!--',
    '-->',
    '--',
    '<!',
  ];
  const more = [
    '<![CDATA[',
    ']]>',
    '<?',
    '?>',
    '<!DOCTYPE x>',
    '&',
    ';',
    '&#',
    'x',
    ' ',
    '\n',
    '\0',
    '\ud800',
    '<b>',
    '</b>',
  ];
  return fc
    .array(fc.constantFrom(...pieces, ...more, '<ac:parameter ac:name="x">', '</ac:parameter>'), {
      maxLength,
    })
    .map((all) => all.join(''));
}
