import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { canonicalBody, HASH_VERSION, hashBody } from '../../../src/content/index.ts';
import { writeCanonical } from '../../../src/content/write-canonical.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

test('a stored hash stays valid as long as the version stays', () => {
  const body =
    '<h1 local-id="7">R&amp;D</h1>\n<p>a  b&nbsp;<b>c</b></p><ac:structured-macro ac:macro-id="1" ac:name="code">' +
    '<ac:parameter ac:name="language">js</ac:parameter><ac:plain-text-body><![CDATA[if (a < b) {\r\n}]]>' +
    '</ac:plain-text-body></ac:structured-macro>';

  expect({ version: HASH_VERSION, ...hashBody(body) }).toEqual({
    version: 1,
    contentHash: '8ba897915207e33595af500a19b6a936fd438cabd685da22ac62e34b8f1ac684',
    parsed: true,
  });
});

test('a body that is not well-formed is hashed as received', () => {
  expect(hashBody('<p local-id="1">é')).toEqual({ contentHash: sha256('<p local-id="1">é'), parsed: false });
});

test('an empty body has the hash of nothing', () => {
  expect(hashBody('')).toEqual({ contentHash: sha256(''), parsed: true });
});

test('a surrogate pair that two pieces of a long body share is hashed as one character', () => {
  const words = 'x'.repeat(70_000);
  const parameter = '<ac:parameter ac:name="a">1</ac:parameter>';
  const body = `<ac:structured-macro>${words}\ud83d${parameter}\ude00</ac:structured-macro>`;

  expect(hashBody(body).contentHash).toBe(sha256(canonicalBody(body).text));
  expect(canonicalBody(body).text).toContain('😀');
});

test('a long body has the hash of its canonical form', () => {
  const body = '<p>One  <b>two</b> 😀 &amp; three</p>\n'.repeat(20_000);

  expect(hashBody(body).contentHash).toBe(sha256(canonicalBody(body).text));
});

describe('takes in little time and without an exception:', () => {
  const macroInParameter = '<ac:structured-macro ac:name="x"><ac:parameter ac:name="y">';
  const many = (count: number, text: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => text(index)).join('');
  const bodies: readonly (readonly [what: string, parsed: boolean, body: () => string])[] = [
    ['100,000 elements in each other', true, () => '<b>'.repeat(1e5) + '</b>'.repeat(1e5)],
    [
      '100,000 macros in each other’s parameters',
      true,
      () => `${macroInParameter.repeat(1e5)}z${'</ac:parameter></ac:structured-macro>'.repeat(1e5)}`,
    ],
    ['100,000 elements that stay open', false, () => '<b>'.repeat(1e5)],
    ['5 MB of less-than signs', false, () => '<'.repeat(5e6)],
    ['5 MB of less-than signs and spaces', false, () => '< '.repeat(2.5e6)],
    ['5 MB of greater-than signs', true, () => '>'.repeat(5e6)],
    ['5 MB of ampersands', true, () => '&'.repeat(5e6)],
    ['5 MB of half entities', true, () => '&a'.repeat(2.5e6)],
    ['an entity number of 5 MB', true, () => `&#${'1'.repeat(5e6)};`],
    ['5 MB of attributes', true, () => `<p ${many(400_000, (index) => `a${index}="1" `)}/>`],
    ['an attribute of 5 MB', true, () => `<p a="${'x\n&amp;'.repeat(8e5)}"/>`],
    ['5 MB of white space', true, () => `<p>x${' \t'.repeat(2.5e6)}</p>`],
    [
      '5 MB of empty comments in a parameter',
      true,
      () => `<ac:parameter>${' <!---->'.repeat(6e5)}</ac:parameter>`,
    ],
    ['5 MB of brackets', false, () => `<![CDATA[${']'.repeat(5e6)}`],
    ['5 MB of carriage returns', true, () => `<pre>${'\r'.repeat(5e6)}</pre>`],
    ['5 MB of NUL', true, () => '\0'.repeat(5e6)],
    ['5 MB of lone surrogates', true, () => '\ud800'.repeat(5e6)],
    [
      'a macro with 50,000 parameters',
      true,
      () => {
        const parameters = many(
          50_000,
          (index) => `<ac:parameter ac:name="${(index * 7919) % 50_000}">v</ac:parameter>`,
        );
        return `<ac:structured-macro>${parameters}</ac:structured-macro>`;
      },
    ],
  ];

  test.each(bodies)('%s', (_what, parsed, body) => {
    const storage = body();
    const start = performance.now();

    expect(hashBody(storage).parsed).toBe(parsed);
    // A quadratic way takes minutes, a linear one a fraction of a second.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

test('a macro with a body of 20 MB is hashed in small pieces', () => {
  const paragraphs = '<p>hello  you</p>'.repeat(1.2e6);
  const body = `<ac:structured-macro ac:name="x"><ac:rich-text-body>${paragraphs}</ac:rich-text-body></ac:structured-macro>`;
  const lengths: number[] = [];

  writeCanonical(body, (chunk) => lengths.push(chunk.length));

  expect(Math.max(...lengths)).toBeLessThan(100_000);
});
