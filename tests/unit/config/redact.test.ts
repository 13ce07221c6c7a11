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

const odd = 'p"w\\ä /+%z=long-enough';

test.each([
  [
    'lower-case URL-encoded',
    encodeURIComponent(odd).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  ],
  ['form-encoded', encodeURIComponent(odd).replaceAll('%20', '+')],
  ['JSON-escaped', JSON.stringify(odd)],
  ['twice JSON-escaped', JSON.stringify(JSON.stringify(odd))],
  ['hex', Buffer.from(odd).toString('hex')],
  ['base64url', Buffer.from(odd).toString('base64url')],
  ['Basic of one user', Buffer.from(`a:${odd}`).toString('base64')],
  ['Basic of another user', Buffer.from(`ab:${odd}`).toString('base64')],
  ['Basic of a third user', Buffer.from(`abc:${odd}`).toString('base64')],
])('of a secret in its %s form no more than the edges stay', (_name, form) => {
  const left = createRedactor([odd], null)(form);

  expect(left).toContain('[redacted]');
  expect(left.replace('[redacted]', '').length).toBeLessThanOrEqual(10);
});
