import { expect, test } from '@jest/globals';
import { spaceKey } from '../../../src/confluence/parse/space-key.ts';

test.each(['HR', '~ada@example.com', '~5c1234', 'ÜBER'])('%p is the key of a space', (key) => {
  expect(spaceKey.safeParse(key).data).toBe(key);
});

test.each(['', 'A\u0000', 'A\nB', '\uD800', 'A\uFFFD', 'A'.repeat(256), 7, null])(
  '%p is no key of a space',
  (key) => {
    expect(spaceKey.safeParse(key).success).toBe(false);
  },
);
