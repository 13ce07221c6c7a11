import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { storableText } from '../../../src/content/index.ts';

test.each([
  ['nothing to do', 'aé’😀\ufffd\ufeff\n', 'aé’😀\ufffd\ufeff\n', 0],
  ['nothing at all', '', '', 0],
  ['NUL', 'a\0b\0', 'ab', 2],
  ['a lone high surrogate', 'a\ud800b', 'a\ufffdb', 1],
  ['a lone low surrogate at the end', 'a\udc00', 'a\ufffd', 1],
  ['a pair the wrong way round', '\ude00\ud83d', '\ufffd\ufffd', 2],
  ['a high surrogate before a pair', '\ud83d😀', '\ufffd😀', 1],
  ['both', '\0\ud800😀', '\ufffd😀', 2],
  ['NUL between the halves of a pair', '\ud83d\0\ude00', '😀', 1],
])('%s', (_what, text, storable, removed) => {
  expect(storableText(text)).toEqual({ text: storable, removed });
});

test('what is storable has no NUL, survives UTF-8, and is storable as it is', () => {
  const anything = fc
    .array(fc.oneof(fc.constantFrom(0, 0xd83d, 0xde00, 0x61), fc.integer({ min: 0, max: 0xffff })), {
      maxLength: 20,
    })
    .map((codes) => String.fromCharCode(...codes));

  fc.assert(
    fc.property(anything, (text) => {
      const { text: storable, removed } = storableText(text);

      expect(storable).not.toContain('\0');
      expect(Buffer.from(storable, 'utf8').toString('utf8')).toBe(storable);
      expect(storableText(storable)).toEqual({ text: storable, removed: 0 });
      expect(removed === 0).toBe(storable === text);
    }),
    { numRuns: 2000 },
  );
});
