import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hashBody } from '../../../src/content/hash-body.ts';
import { makeStorage } from '../../../src/sample-site/base/make-storage.ts';
import { markInlineComment } from '../../../src/sample-site/markup/mark-inline-comment.ts';
import { rewriteVolatile } from '../../../src/sample-site/markup/rewrite-volatile.ts';
import { tokenizeMarkup } from '../../../src/sample-site/markup/tokenize-markup.ts';

const bodies = Array.from({ length: 300 }, (_, index) => makeStorage(7, index, 1, 2_000));

describe('markup of the sample site', () => {
  test('is the same text again after it was split into pieces, whatever it is', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '/',
      'p',
      '<p>',
      '</p>',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      ' a="b"',
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const text = parts.join('');

        expect(
          tokenizeMarkup(text)
            .map((token) => token.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  test('changes in every round of volatile rewriting, and its meaning never does', () => {
    for (const body of bodies) {
      const rounds = [1, 2, 3, 4, 5, 6].map((round) => rewriteVolatile(body, round));

      expect(new Set([body, ...rounds]).size).toBe(rounds.length + 1);
      for (const rewritten of rounds) expect(hashBody(rewritten)).toEqual(hashBody(body));
    }
  });

  test('keeps code as it was through volatile rewriting', () => {
    const code = '<![CDATA[a  &nbsp; <b c="d"/>\n\n  é]]>';

    const rewritten = rewriteVolatile(`<ac:plain-text-body>${code}</ac:plain-text-body>`, 1);

    expect(rewritten).toBe(`<ac:plain-text-body>${code}</ac:plain-text-body>`);
  });

  test('gets no white space between words, nor within text that keeps its own', () => {
    const text = '<p><strong>a</strong><em>b</em><span>c</span><br /></p><pre><p>d</p><p>e</p></pre>';

    for (const round of [1, 2])
      expect(
        rewriteVolatile(text, round)
          .replaceAll(/<[^>]*>/g, '')
          .trim(),
      ).toMatch(/^abc\s*de$/);
  });

  test('keeps the order of parameters that names do not tell apart', () => {
    const macro =
      '<ac:structured-macro ac:name="x"><ac:parameter ac:name="a">1</ac:parameter><ac:parameter ac:name="a">2</ac:parameter></ac:structured-macro>';

    expect(rewriteVolatile(macro, 1)).toMatch(/>1<.*>2</);
    expect(rewriteVolatile(macro.replace('"a">2', '"b">2'), 1)).toMatch(/>2<.*>1</);
  });

  test('carries a marker for each comment, around words that stay, and means the same', () => {
    for (const body of bodies) {
      const marked = markInlineComment(markInlineComment(body, 0), 1);

      expect(marked.split('<ac:inline-comment-marker ')).toHaveLength(3);
      expect(marked.replaceAll(/<\/?ac:inline-comment-marker[^>]*>/g, '')).toBe(body);
      expect(hashBody(marked)).toEqual(hashBody(body));
    }
  });

  test('without words takes no comment', () => {
    expect(markInlineComment('', 0)).toBe('');
    expect(markInlineComment('<p> </p>', 0)).toBe('<p> </p>');
  });
});
