import { expect, test } from '@jest/globals';
import { nextCursor } from '../../../src/confluence/listing/next-cursor.ts';
import { parseEnvelope } from '../../../src/confluence/parse/parse-envelope.ts';

test.each([
  [undefined, 'none'],
  [null, 'none'],
  ['', 'none'],
  ['/wiki/api/v2/pages?cursor=abc', 'cursor'],
  [42, 'unusable'],
  [{ href: '/wiki/api/v2/pages?cursor=abc' }, 'unusable'],
])('a next link %j is read as %s', (next, kind) => {
  const links = parseEnvelope({ results: [], _links: { next } })?._links;

  expect(nextCursor(links?.next, links?.base, 'https://x.atlassian.net/wiki').kind).toBe(kind);
});
