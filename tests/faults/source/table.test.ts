import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..', '..');
const text = readFileSync(join(root, 'docs', 'RELIABILITY.md'), 'utf8');
const rows = [...text.matchAll(/^\| (S\d+) +\|.*\| `([^`]+)` +\|$/gm)].map((match) => [
  match[1] ?? '',
  match[2] ?? '',
]);

test('every fault of the source stands in the table, once and in order', () => {
  expect(rows.map(([id]) => id)).toEqual(Array.from({ length: 56 }, (_, index) => `S${index + 1}`));
});

test.each(rows)('%s is proved in %s by a test with its name', (id, path) => {
  const names = new RegExp(`(['"\`])(?:S\\d+ )*${id} [^'"\`\\n]+\\1`);

  expect(readFileSync(join(root, path), 'utf8')).toMatch(names);
});
