import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corpus-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function corpusCheck(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/corpus-check.ts', ...args],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

test('without a folder nothing is checked, and that is wrong usage', () => {
  const { status, stderr } = corpusCheck();

  expect(status).toBe(64);
  expect(stderr).toContain('usage: npm run corpus -- DIR');
});

test('a folder without bodies does not pass', () => {
  writeFileSync(join(folder, 'answer.json'), '{}');

  const { status, stderr } = corpusCheck(folder);

  expect(status).toBe(64);
  expect(stderr).toContain('holds no page bodies');
});

test('bodies below the folder are read, well-formed or not', () => {
  mkdirSync(join(folder, 'deep'));
  writeFileSync(join(folder, 'deep', 'a.xml'), '<p local-id="1">a <b>word</b></p>');
  writeFileSync(join(folder, 'b.xhtml'), '<p>never closed');

  const { status, stdout } = corpusCheck(folder);

  expect(stdout).toMatch(
    /^2 bodies \(1 parsed, \d+ volatile rewrites, \d+ edits\), 0 JSON files \(0 pages\), mirrored from Cloud and Data Center: all hold\n$/,
  );
  expect(status).toBe(0);
});

test('a recorded answer whose page cannot be read is named and fails the check', () => {
  writeFileSync(join(folder, 'a.xml'), '<p>a</p>');
  writeFileSync(
    join(folder, 'answer.json'),
    '{"results":[{"id":"7","type":"page","status":"current","title":7,"version":{"number":1}}]}',
  );

  const { status, stdout } = corpusCheck(folder);

  expect(stdout).toContain('answer.json: page 7');
  expect(status).toBe(1);
});

test('a broken answer is named and fails the check', () => {
  writeFileSync(join(folder, 'a.xml'), '<p>a</p>');
  writeFileSync(join(folder, 'answer.json'), '{"a":');

  const { status, stdout } = corpusCheck(folder);

  expect(stdout).toContain('answer.json: is not valid JSON');
  expect(status).toBe(1);
});
