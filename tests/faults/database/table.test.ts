import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..', '..');
const text = readFileSync(join(root, 'docs', 'RELIABILITY.md'), 'utf8');
const rows = [...text.matchAll(/^\| (D\d+) +\|.*\| `([^`]+)` +\|$/gm)].map((match) => [
  match[1] ?? '',
  match[2] ?? '',
]);

test('every fault of the database stands in the table, once and in order', () => {
  expect(rows.map(([id]) => id)).toEqual(Array.from({ length: 40 }, (_, index) => `D${index + 1}`));
});

test.each(rows)('%s is proved in %s by a test with its name', (id, path) => {
  const names = new RegExp(`(['"\`])(?:D\\d+ )*${id}:? [^'"\`\\n]+\\1`);

  expect(readFileSync(join(root, path), 'utf8')).toMatch(names);
});
