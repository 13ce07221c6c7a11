import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseFault } from '../../../src/sample-site/faults/fault-spec.ts';
import { faultDocument } from './fault-document.ts';

const path = join(import.meta.dirname, '..', '..', '..', 'docs', 'SAMPLE-SITE.md');
const [BEGIN, END] = ['<!-- faults: written by a test -->\n\n', '\n\n<!-- /faults -->'];

function read(): readonly [before: string, list: string, after: string] {
  const text = readFileSync(path, 'utf8');
  const [before = '', rest = ''] = text.split(BEGIN);
  const [list = '', after = ''] = rest.split(END);
  return [before, list, after];
}

// UPDATE_DOCS=1 writes the list anew.
test('the documentation lists every fault and poison as they are', () => {
  const [before, list, after] = read();
  if (process.env['UPDATE_DOCS'] === '1') {
    writeFileSync(path, [before, BEGIN, faultDocument(), END, after].join(''));
    return;
  }

  expect(list).toBe(faultDocument());
});

test('every drill of the documentation is a fault that can be asked for', () => {
  const [before] = read();
  const rows = [...before.matchAll(/^\| (S\d+) +\|[^|]*\| (.*) \|$/gm)];
  const drills = rows.flatMap(([, , cell = '']) =>
    [...cell.matchAll(/`([a-z_0-9]+(?::[^`]*)?)`/g)].map((match) => match[1] ?? ''),
  );

  expect(rows.map(([, id]) => id)).toEqual(Array.from({ length: 56 }, (_, index) => `S${index + 1}`));
  for (const drill of drills) expect(() => parseFault(drill)).not.toThrow();
});
