import { expect, test } from '@jest/globals';
import { bypassesProxy } from '../../../src/confluence/client/no-proxy.ts';

test.each([
  ['https://wiki.example.com/', 'wiki.example.com', true],
  ['https://wiki.example.com/', 'example.com', true],
  ['https://wiki.example.com/', '.example.com, other', true],
  ['https://wiki.example.com/', '*.EXAMPLE.com', true],
  ['https://wiki.example.com:8443/', 'wiki.example.com:8443', true],
  ['https://wiki.example.com/', 'wiki.example.com:443', true],
  ['https://wiki.example.com/', '*', true],
  ['https://wiki.example.com:8443/', 'wiki.example.com:443', false],
  ['https://badexample.com/', 'example.com', false],
  ['https://example.com.evil.org/', 'example.com', false],
  ['https://wiki.example.com/', '', false],
  ['https://wiki.example.com/', null, false],
])('%s with NO_PROXY %p bypasses the proxy: %p', (url, noProxy, bypasses) => {
  expect(bypassesProxy(new URL(url), noProxy)).toBe(bypasses);
});
