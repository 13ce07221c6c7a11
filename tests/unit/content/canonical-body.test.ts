import { describe, expect, test } from '@jest/globals';
import { canonicalBody } from '../../../src/content/index.ts';

type Pair = readonly [what: string, one: string, other: string];

const macro = (content: string, attributes = ''): string =>
  `<ac:structured-macro ac:name="m"${attributes}>${content}</ac:structured-macro>`;
const parameter = (name: string, value: string): string =>
  `<ac:parameter ac:name="${name}">${value}</ac:parameter>`;
const plain = (content: string): string => macro(`<ac:plain-text-body>${content}</ac:plain-text-body>`);

describe('does not count:', () => {
  const pairs: readonly Pair[] = [
    ['a macro id', macro('', ' ac:macro-id="1"'), macro('', ' ac:macro-id="2"')],
    ['a schema version', macro('', ' ac:schema-version="1"'), macro('')],
    ['a local id', '<p local-id="cce4">a</p>', '<p>a</p>'],
    ['a local id with a prefix', '<ac:task ac:local-id="1"></ac:task>', '<ac:task></ac:task>'],
    ['a local id of a resource', '<ri:page ri:local-id="1"/>', '<ri:page/>'],
    ['a local id in camel case', '<table localId="1"></table>', '<table></table>'],
    ['a local id as an element', '<p><ac:adf-attribute key="local-id">1</ac:adf-attribute>a</p>', '<p>a</p>'],
    [
      'markup in a local id',
      '<p><ac:adf-attribute key="local-id"><b>1</b> x</ac:adf-attribute>a</p>',
      '<p>a</p>',
    ],
    [
      'a version at save',
      '<ri:attachment ri:filename="a" ri:version-at-save="3"/>',
      '<ri:attachment ri:filename="a"/>',
    ],
    [
      'an inline comment',
      '<p>a <ac:inline-comment-marker ac:ref="1">word</ac:inline-comment-marker> more</p>',
      '<p>a word more</p>',
    ],
    [
      'white space at both sides of an inline comment',
      '<p>a <ac:inline-comment-marker ac:ref="1"> word</ac:inline-comment-marker></p>',
      '<p>a word</p>',
    ],
    [
      'an inline comment around blocks and macros',
      `<ac:inline-comment-marker ac:ref="1"><p>a</p>\n${macro('')}\n${macro('')}</ac:inline-comment-marker>`,
      `<p>a</p>${macro('')}${macro('')}`,
    ],
    ['the order of attributes', '<a href="x" class="y">a</a>', '<a class="y" href="x">a</a>'],
    [
      'the order of parameters',
      macro(parameter('a', '1') + parameter('b', '2')),
      macro(parameter('b', '2') + parameter('a', '1')),
    ],
    [
      'whether parameters stand before the body',
      macro(`${parameter('a', '1')}<ac:rich-text-body><p>x</p></ac:rich-text-body>`),
      macro(`<ac:rich-text-body><p>x</p></ac:rich-text-body>${parameter('a', '1')}`),
    ],
    [
      'the order of parameters in a macro in a parameter',
      macro(parameter('a', macro(parameter('b', '1') + parameter('c', '2')))),
      macro(parameter('a', macro(parameter('c', '2') + parameter('b', '1')))),
    ],
    [
      'the order of parameters in a macro in a body',
      macro(`<ac:rich-text-body>${macro(parameter('b', '1') + parameter('c', '2'))}</ac:rich-text-body>`),
      macro(`<ac:rich-text-body>${macro(parameter('c', '2') + parameter('b', '1'))}</ac:rich-text-body>`),
    ],
    [
      'how the name of a parameter is spelt',
      macro(parameter('&#98;', '1') + parameter('a', '2')),
      macro(parameter('b', '1') + parameter('a', '2')),
    ],
    ['an empty parameter', macro('<ac:parameter ac:name="a" />'), macro('')],
    ['a parameter with nothing but indentation', macro(parameter('a', '\n  ')), macro('')],
    ['an empty parameter outside a macro', '<p>a <ac:parameter ac:name="a"/> b</p>', '<p>a b</p>'],
    ['a space before the slash', '<br/>', '<br />'],
    ['closing an empty element apart', '<br/>', '<br></br>'],
    ['the quotes around an attribute', `<a href='x"y'>a</a>`, '<a href="x&quot;y">a</a>'],
    ['white space in a tag', '<a\n  href = "x"\t>a</a >', '<a href="x">a</a>'],
    ['a line break in an attribute', '<a title="x\r\ny">a</a>', '<a title="x y">a</a>'],
    ['a named entity', '<p>a&nbsp;&rsquo;&eacute;&Eacute;</p>', '<p>a\u00a0’éÉ</p>'],
    ['an entity of two code points', '<p>&nvlt;</p>', '<p><![CDATA[<]]>\u20d2</p>'],
    ['a numeric entity', '<p>&#8217;&#X41;&#x1F600;&#0065;</p>', '<p>’A😀A</p>'],
    ['an entity in an attribute', '<a href="?a=1&amp;b=&#50;&eacute;">a</a>', '<a href="?a=1&b=2é">a</a>'],
    ['escaping what needs no escape', '<p>&quot;&apos;&gt;</p>', `<p>"'></p>`],
    [
      'a lone ampersand',
      '<p>R & D &co &unknown; &#; &#xg;</p>',
      '<p>R &amp; D &amp;co &amp;unknown; &amp;#; &amp;#xg;</p>',
    ],
    ['an XML comment', '<p>a<!-- x > y --></p><!---->', '<p>a</p>'],
    ['a processing instruction and a doctype', '<?xml version="1.0"?><!DOCTYPE html><p>a</p>', '<p>a</p>'],
    [
      'white space between blocks',
      '<h1>a</h1>\n\n<p>b</p>\r\n<hr/> <table>\t<tbody> <tr> <td>c</td> </tr></tbody></table>',
      '<h1>a</h1><p>b</p><hr/><table><tbody><tr><td>c</td></tr></tbody></table>',
    ],
    ['white space at the edges of a block', '<p> a </p><li>\n  b\n</li>', '<p>a</p><li>b</li>'],
    ['white space at the edges of a body', '\n<p>a</p>\n', '<p>a</p>'],
    ['white space around a line break', '<p>a <br/> b</p>', '<p>a<br/>b</p>'],
    ['white space between macros that stand as blocks', `${macro('')}\n${macro('')}`, macro('') + macro('')],
    [
      'white space between a macro and its parts',
      macro(`\n${parameter('a', '1')}\n<ac:rich-text-body> <p>x</p> </ac:rich-text-body>\n`),
      macro(`${parameter('a', '1')}<ac:rich-text-body><p>x</p></ac:rich-text-body>`),
    ],
    [
      'white space in a link around its parts',
      '<p><ac:link>\n<ri:page/>\n<ac:link-body>a</ac:link-body>\n</ac:link></p>',
      '<p><ac:link><ri:page/><ac:link-body>a</ac:link-body></ac:link></p>',
    ],
    [
      'white space around an element in a parameter',
      macro(parameter('a', '\n <ri:page/>\n ')),
      macro(parameter('a', '<ri:page/>')),
    ],
    [
      'white space in a resource around its parts',
      '<ri:attachment>\n<ri:page/>\n</ri:attachment>',
      '<ri:attachment><ri:page/></ri:attachment>',
    ],
    ['how much white space is between words', '<p>a  \n\t b</p>', '<p>a b</p>'],
    ['white space as an entity', '<p>a&#32;&#10;b&#9;</p>', '<p>a b</p>'],
    ['white space around a comment', '<p>a <!-- x --> b</p>', '<p>a b</p>'],
    ['CRLF in code', plain('<![CDATA[a\r\nb\rc]]>'), plain('<![CDATA[a\nb\nc]]>')],
    ['CRLF in preformatted text', '<pre>a\r\nb</pre>', '<pre>a\nb</pre>'],
    ['escaped text for CDATA in code', plain('<![CDATA[a < b && c  ]]>'), plain('a &lt; b &amp;&amp; c  ')],
    ['where CDATA is cut', plain('<![CDATA[a]]]]><![CDATA[>b]]>'), plain('a]]&gt;b')],
    ['CDATA for plain words', '<p><![CDATA[a & b]]></p>', '<p>a &amp; b</p>'],
  ];

  test.each(pairs)('%s', (_what, one, other) => {
    const [first, second] = [canonicalBody(one), canonicalBody(other)];

    expect(first).toEqual(second);
    expect(first.parsed).toBe(true);
    expect(canonicalBody(first.text)).toEqual(first);
  });
});

describe('counts:', () => {
  const pairs: readonly Pair[] = [
    ['a word', '<p>a</p>', '<p>b</p>'],
    ['the case of a word', '<p>a</p>', '<p>A</p>'],
    ['words that look like markup', '<p>&lt;b&gt;a&lt;/b&gt;</p>', '<p><b>a</b></p>'],
    ['an escaped entity', '<p>&amp;nbsp;</p>', '<p>&nbsp;</p>'],
    ['an entity after an ampersand', '<p>&amp;amp;</p>', '<p>&amp;</p>'],
    ['NFC and NFD', '<p>\u00e9</p>', '<p>e\u0301</p>'],
    ['a no-break space', '<p>a&nbsp;b</p>', '<p>a b</p>'],
    ['two no-break spaces', '<p>a&nbsp;&nbsp;b</p>', '<p>a&nbsp;b</p>'],
    ['a paragraph with a no-break space', '<p>&nbsp;</p>', '<p></p>'],
    ['a space between words', '<p>a b</p>', '<p>ab</p>'],
    ['a space between inline elements', '<p><b>a</b> <i>b</i></p>', '<p><b>a</b><i>b</i></p>'],
    ['a space within an inline element', '<p><b>a </b>b</p>', '<p><b>a</b>b</p>'],
    ['a space between words and a link', '<p>a <ac:link/></p>', '<p>a<ac:link/></p>'],
    ['a space between words and a macro', `<p>a ${macro('')} b</p>`, `<p>a${macro('')}b</p>`],
    ['a space between words and a macro between blocks', `a ${macro('')}`, `a${macro('')}`],
    [
      'a space between macros in a paragraph',
      `<p>${macro('')} ${macro('')}</p>`,
      `<p>${macro('')}${macro('')}</p>`,
    ],
    [
      'a space between a commented word and the next',
      '<p><ac:inline-comment-marker>a</ac:inline-comment-marker> b</p>',
      '<p>ab</p>',
    ],
    [
      'a space at the edge of a link text',
      '<p>a<ac:link><ac:link-body> b</ac:link-body></ac:link></p>',
      '<p>a<ac:link><ac:link-body>b</ac:link-body></ac:link></p>',
    ],
    ['the element', '<p>a</p>', '<h1>a</h1>'],
    ['the case of an element', '<p>a</p>', '<P>a</P>'],
    ['where an element ends', '<p><b>a</b>b</p>', '<p><b>ab</b></p>'],
    ['one paragraph or two', '<p>a</p><p>b</p>', '<p>ab</p>'],
    ['an empty paragraph', '<p>a</p><p></p>', '<p>a</p>'],
    ['the order of blocks', '<p>a</p><p>b</p>', '<p>b</p><p>a</p>'],
    ['a macro name', '<ac:structured-macro ac:name="info"/>', '<ac:structured-macro ac:name="note"/>'],
    ['a parameter', macro(parameter('a', '1')), macro('')],
    ['a parameter name', macro(parameter('a', '1')), macro(parameter('b', '1'))],
    ['a parameter value', macro(parameter('a', '1')), macro(parameter('a', '2'))],
    [
      'which parameter has which value',
      macro(parameter('a', '1') + parameter('b', '2')),
      macro(parameter('a', '2') + parameter('b', '1')),
    ],
    [
      'the order of parameters of one name',
      macro(parameter('a', '1') + parameter('a', '2')),
      macro(parameter('a', '2') + parameter('a', '1')),
    ],
    [
      'the order of parameters outside a structured macro',
      `<ac:macro ac:name="m">${parameter('a', '1')}${parameter('b', '2')}</ac:macro>`,
      `<ac:macro ac:name="m">${parameter('b', '2')}${parameter('a', '1')}</ac:macro>`,
    ],
    [
      'which macro has a parameter',
      macro(parameter('a', '1')) + macro(''),
      macro('') + macro(parameter('a', '1')),
    ],
    ['white space in a parameter', macro(parameter('a', 'x  y')), macro(parameter('a', 'x y'))],
    ['a space as a parameter', macro(parameter('separator', ' ')), macro(parameter('separator', ''))],
    ['a link target', '<ri:page ri:content-title="A"/>', '<ri:page ri:content-title="B"/>'],
    ['an address', '<a href="x">a</a>', '<a href="y">a</a>'],
    ['the absence of an attribute', '<a href="">a</a>', '<a>a</a>'],
    ['a quote in an attribute', '<a href="a&quot; b=&quot;c">a</a>', '<a href="a" b="c">a</a>'],
    ['a line break by its number in an attribute', '<a title="x&#10;y">a</a>', '<a title="x y">a</a>'],
    ['a task id', '<ac:task-id>1</ac:task-id>', '<ac:task-id>2</ac:task-id>'],
    [
      'another panel attribute',
      '<ac:adf-attribute key="panel-type">note</ac:adf-attribute>',
      '<ac:adf-attribute key="panel-type">info</ac:adf-attribute>',
    ],
    ['code', plain('<![CDATA[a]]>'), plain('<![CDATA[b]]>')],
    ['indentation in code', plain('<![CDATA[  a]]>'), plain('<![CDATA[ a]]>')],
    ['a line break in code', plain('<![CDATA[a\nb]]>'), plain('<![CDATA[a b]]>')],
    ['a line break at the end of code', plain('<![CDATA[a\n]]>'), plain('<![CDATA[a]]>')],
    ['white space before code', plain(' <![CDATA[a]]>'), plain('<![CDATA[a]]>')],
    ['an entity in code', plain('<![CDATA[&nbsp;]]>'), plain('&nbsp;')],
    ['white space in preformatted text', '<pre>a  b</pre>', '<pre>a b</pre>'],
    ['white space in an element in preformatted text', '<pre><b>a  b</b></pre>', '<pre><b>a b</b></pre>'],
    ['a carriage return by its number', '<pre>a&#13;</pre>', '<pre>a\n</pre>'],
    ['white space in inline code', '<p><code>a  b</code></p>', '<p><code>a b</code></p>'],
    ['white space in CDATA between words', '<p><![CDATA[a  b]]></p>', '<p><![CDATA[a b]]></p>'],
    ['white space at the edge of CDATA', '<p>a<![CDATA[ ]]></p>', '<p>a</p>'],
    [
      'white space in a link text',
      '<ac:plain-text-link-body><![CDATA[a  b]]></ac:plain-text-link-body>',
      '<ac:plain-text-link-body><![CDATA[a b]]></ac:plain-text-link-body>',
    ],
  ];

  test.each(pairs)('%s', (_what, one, other) => {
    const [first, second] = [canonicalBody(one), canonicalBody(other)];

    expect(first.parsed && second.parsed).toBe(true);
    expect(first.text).not.toBe(second.text);
    expect(canonicalBody(first.text)).toEqual(first);
    expect(canonicalBody(second.text)).toEqual(second);
  });
});

test('the canonical form reads as storage format', () => {
  const body = `<p local-id="1">See <ac:link><ri:page ri:version-at-save="2" ri:content-title="A &amp; B" /></ac:link>
    &mdash; now.</p>
    ${macro(`${parameter('b', '2')}<ac:rich-text-body><p>x</p></ac:rich-text-body>${parameter('a', '1')}`)}`;

  expect(canonicalBody(body).text).toBe(
    '<p>See <ac:link><ri:page ri:content-title="A &amp; B"></ri:page></ac:link> — now.</p>' +
      '<ac:structured-macro ac:name="m"><ac:rich-text-body><p>x</p></ac:rich-text-body>' +
      '<ac:parameter ac:name="a">1</ac:parameter><ac:parameter ac:name="b">2</ac:parameter></ac:structured-macro>',
  );
});

describe('is not well-formed and stays as received:', () => {
  const bodies: readonly (readonly [what: string, body: string])[] = [
    ['a tag that is not closed', '<p>a'],
    ['a closing tag too many', 'a</p>'],
    ['tags that cross', '<b><i>a</b></i>'],
    ['another case in the closing tag', '<p>a</P>'],
    ['an HTML line break', '<p>a<br>b</p>'],
    ['a tag that does not end', '<p>a</p><p '],
    ['a closing tag that does not end', '<p>a</p'],
    ['a value that does not end', '<p a="x>y</p>'],
    ['a comment that does not end', '<p>a</p><!-- b'],
    ['a comment that HTML would end', '<p>a</p><!-- b --!> c -->'],
    ['CDATA that does not end', '<p>a</p><![CDATA[b]]'],
    ['empty CDATA that does not end', '<p>a</p><![CDATA['],
    ['a processing instruction that does not end', '<p>a</p><?b'],
    ['a lone less-than sign', '<p>a < b</p>'],
    ['a less-than sign at the end', 'a<'],
    ['an empty tag', '<>a</>'],
    ['a tag that begins with a digit', '<1>a</1>'],
    ['a closing tag with more in it', '<p>a</p b>'],
    ['a space in a closing tag', '<p>a</ p>'],
    ['an attribute without value', '<td nowrap>a</td>'],
    ['an attribute without quotes', '<td colspan=2>a</td>'],
    ['an attribute given twice', '<a href="x" title="t" href="y">a</a>'],
    ['a name with a quote in it', `<p a"b="c">a</p>`],
    ['an unknown declaration', '<!ELEMENT p>'],
    ['a doctype that declares', '<!DOCTYPE p [<!ENTITY a "b">]><p>&a;</p>'],
  ];

  test.each(bodies)('%s', (_what, body) => {
    expect(canonicalBody(body)).toEqual({ text: body, parsed: false });
  });
});
