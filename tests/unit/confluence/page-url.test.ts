import { expect, test } from '@jest/globals';
import { linkBase, pageUrl } from '../../../src/confluence/parse/page-url.ts';

const own = 'https://wiki.example.com';

test.each([
  ['https://people.example.com/wiki', 'https://people.example.com/wiki'],
  ['http://people.example.com/wiki//', 'http://people.example.com/wiki'],
  [' https://people.example.com/wiki?a#b ', 'https://people.example.com/wiki'],
  [`https://people.example.com/${'/'.repeat(1_000_000)}x`, own],
  ['https://ada@people.example.com/wiki', own],
  ['https://ada:pw@people.example.com/wiki', own],
  ['javascript:alert(1)', own],
  ['/wiki', own],
  ['', own],
  [null, own],
  [7, own],
])('the base %p stands for %p', (base, expected) => {
  expect(linkBase(base, own)).toBe(expected);
});

test.each([
  ['/spaces/HR/pages/7/Title', 'https://wiki.example.com/spaces/HR/pages/7/Title'],
  ['spaces/HR', 'https://wiki.example.com/pages/viewpage.action?pageId=7'],
  ['javascript:alert(1)', 'https://wiki.example.com/pages/viewpage.action?pageId=7'],
  [undefined, 'https://wiki.example.com/pages/viewpage.action?pageId=7'],
])('the path %p leads to %p', (path, expected) => {
  expect(pageUrl(own, path, '7')).toBe(expected);
});
