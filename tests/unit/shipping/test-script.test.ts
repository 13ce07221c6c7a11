import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..', '..');
const files = {
  'tests/architecture.test.js': '',
  'tests/unit/a.test.js': "test('it runs as a module', async () => { await import('node:fs'); });",
  'tests/unit/fails.test.js': "test('it fails', () => { throw new Error('as meant'); });",
  'tests/unit/hangs.test.js':
    "test('it hangs', () => { process.stderr.write('hanging'); return new Promise((done) => setTimeout(done, 50_000)); }, 60_000);",
  'tests/contract/b.test.js': '',
  'tests/contract/b.pg.test.ts': '',
  'tests/faults/c.test.js': '',
};

let copy: string;

beforeAll(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), 'test-script-')));
  cpSync(join(root, 'scripts'), join(copy, 'scripts'), {
    recursive: true,
    filter: (path) => !path.endsWith('.ts'),
  });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  // Nothing is missing here, so nothing is installed.
  writeFileSync(join(copy, 'package-lock.json'), JSON.stringify({ packages: {} }));
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(
    join(copy, 'jest.config.js'),
    "export default { testMatch: ['<rootDir>/tests/**/*.test.{js,ts}'], transform: {} };",
  );
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
});

afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

test('all tests run unless told otherwise', () => {
  expect(list()).toEqual(
    Object.keys(files)
      .map((path) => basename(path))
      .sort(),
  );
});

test('--fast leaves out what needs a database server and what takes long', () => {
  expect(list('--fast')).toEqual([
    'a.test.js',
    'architecture.test.js',
    'b.test.js',
    'fails.test.js',
    'hangs.test.js',
  ]);
});

test('--fast runs the places it is given, without a database server', () => {
  expect(list('--fast', 'tests/contract', 'tests/faults')).toEqual(['b.test.js', 'c.test.js']);
});

test('a run of modules passes without a warning of Node', () => {
  const result = run('tests/unit/a');

  expect(result).toMatchObject({ status: 0 });
  expect(result.stderr).toContain('1 passed');
  expect(result.stderr).not.toContain('Warning');
});

test('a failing test makes the run fail', () => {
  expect(run('tests/unit/fails').status).toBe(1);
});

test('a run that is told to stop ends at once, and says so', async () => {
  const child = spawn(process.execPath, ['scripts/test.mjs', 'tests/unit/hangs'], {
    cwd: copy,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise((resolve) => child.stderr.once('data', resolve));

  child.kill('SIGTERM');

  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(143);
});

function list(...args: string[]): string[] {
  const { stdout } = run('--listTests', ...args);
  return stdout
    .trim()
    .split('\n')
    .map((path) => basename(path))
    .sort();
}

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['scripts/test.mjs', ...args], { cwd: copy, encoding: 'utf8' });
}
