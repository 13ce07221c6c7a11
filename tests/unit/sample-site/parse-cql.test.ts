import { describe, expect, test } from '@jest/globals';
import { Refusal } from '../../../src/sample-site/http/refusal.ts';
import { parseCql } from '../../../src/sample-site/search/parse-cql.ts';

describe('a query', () => {
  test('is taken apart into its conditions and its order', () => {
    const cql = parseCql(
      'type = page and space in ("HR", "~a b") and lastModified >= "2026/07/01 10:30" order by lastmodified desc',
    );

    expect(cql).toEqual({
      clauses: [
        { field: 'type', operator: '=', values: ['page'] },
        { field: 'space', operator: 'in', values: ['HR', '~a b'] },
        { field: 'lastmodified', operator: '>=', values: ['2026/07/01 10:30'] },
      ],
      orderBy: { field: 'lastmodified', descending: true },
    });
  });

  test('keeps escaped quotes within a text', () => {
    expect(parseCql('title = "a \\"b\\" \\\\ c"').clauses[0]?.values).toEqual(['a "b" \\ c']);
  });

  test.each([
    'status = current',
    'space in (HR)',
    'type =',
    'type = page or type = blogpost',
    'and',
    '"',
    'type = page order',
  ])('that nobody can read is refused with 400: %s', (text) => {
    expect(() => parseCql(text)).toThrow(Refusal);
  });
});
