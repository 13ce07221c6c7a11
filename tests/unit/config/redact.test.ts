import { expect, test } from '@jest/globals';
import { createRedactor } from '../../../src/config/redact.ts';

const token = 'ATATT3x+/canary=';
const user = 'ada@example.com';

test.each([
  ['plain', token],
  ['URL-encoded', encodeURIComponent(token)],
  ['base64', Buffer.from(token).toString('base64')],
  ['Basic', Buffer.from(`${user}:${token}`).toString('base64')],
])('a secret is blotted out in its %s form', (_name, form) => {
  const redact = createRedactor([token], user);

  expect(redact(`before ${form} after`)).toBe('before [redacted] after');
  expect(redact(`before ${form} after`)).not.toContain('canary');
});

test('text without secrets is left as it is', () => {
  expect(createRedactor([token, 'abc'], user)('abc is too short to be told from words')).toContain('abc is');
});
