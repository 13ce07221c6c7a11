import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const scripts = join(import.meta.dirname, '..', '..', '..', 'scripts');
const lock = {
  lockfileVersion: 3,
  packages: {
    '': { name: 'project' },
    'node_modules/present': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/elsewhere': { version: '1.0.0', integrity: 'sha512-b', optional: true, os: ['nowhere'] },
  },
};
const { 'node_modules/present': present } = lock.packages;

/** Stands in for npm: takes a moment, notes that it ran, and writes the hidden lock file last, as npm does. */
const npm = `
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
appendFileSync('runs', process.argv.slice(2).join(' ') + '\\n');
if (existsSync('npm-fails')) { console.error('npm error code ECONNREFUSED'); process.exit(7); }
await setTimeout(400);
mkdirSync('node_modules', { recursive: true });
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/present': ${JSON.stringify(present)} } }));
`;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ensure-installed-'));
  cpSync(scripts, join(root, 'scripts'), { recursive: true, filter: (path) => !path.endsWith('.ts') });
  writeFileSync(
    join(root, 'scripts', 'call.mjs'),
    "await (await import('./ensure-installed.mjs')).ensureInstalled();",
  );
  mkdirSync(join(root, 'npm'));
  writeFileSync(join(root, 'npm', 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'npm', 'npm-cli.js'), npm);
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test('a clone without node_modules is installed once, and then left alone', () => {
  const first = call();
  const second = call();

  expect(first).toMatchObject({ status: 0, stdout: '' });
  expect(first.stderr).toContain('installing 2 packages');
  expect(second).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(npmRuns()).toHaveLength(1);
});

test('npm installs what tests need and runs no script of a package, whatever the caller has set', () => {
  call({ NODE_ENV: 'production' });

  expect(npmRuns()[0]).toMatch(/^ci .*--include=dev .*--ignore-scripts/);
});

test.each([
  ['another version', { ...present, version: '0.9.0' }],
  ['another content', { ...present, integrity: 'sha512-z' }],
  ['a build for another platform', { ...present, os: ['nowhere'] }],
  ['a build this processor is refused', { ...present, cpu: [`!${process.arch}`, '!none'] }],
])('%s in node_modules is replaced', (_name, entry) => {
  writeHiddenLock({ 'node_modules/present': entry });

  expect(call().status).toBe(0);
  expect(npmRuns()).toHaveLength(1);
});

test('an optional package of another platform is not missed', () => {
  writeHiddenLock({ 'node_modules/present': present });

  expect(call().status).toBe(0);
  expect(npmRuns()).toHaveLength(0);
});

test('four processes at once install once', async () => {
  const codes = await Promise.all([callAsync(), callAsync(), callAsync(), callAsync()]);

  expect(codes).toEqual([0, 0, 0, 0]);
  expect(npmRuns()).toHaveLength(1);
  expect(existsSync(join(root, '.cache', 'install.lock'))).toBe(false);
});

test('the lock of a process that was killed holds nobody up', async () => {
  const dead = spawnSync(process.execPath, ['-e', '0']).pid;
  mkdirSync(join(root, '.cache'));
  writeFileSync(join(root, '.cache', 'install.lock'), JSON.stringify([dead]));

  expect(await Promise.all([callAsync(), callAsync(), callAsync()])).toEqual([0, 0, 0]);
  expect(npmRuns()).toHaveLength(1);
});

test('a failing npm ends the process with what npm said and what to do', () => {
  writeFileSync(join(root, 'npm-fails'), '');

  const result = call();

  expect(result.status).toBe(1);
  expect(result.stderr).toContain('npm ci failed (7)');
  expect(result.stderr).toContain('ECONNREFUSED');
  expect(result.stderr).toContain('then try again');
  expect(result.stderr).not.toContain('    at ');
});

test.each(['18.20.8', '20.18.3'])('Node %s is told to be too old', (version) => {
  const result = call({ NODE_OPTIONS: `--import "${asOldNode(version)}"` });

  expect(result.status).toBe(1);
  expect(result.stderr).toContain(`Node ${version} is too old: install Node 20.19 or newer`);
  expect(npmRuns()).toHaveLength(0);
});

test('a call with nothing to do adds less than 100 ms to the start of Node', () => {
  writeHiddenLock({ 'node_modules/present': present });
  const program = `const t = performance.now(); await (await import('./scripts/ensure-installed.mjs')).ensureInstalled(); console.log(performance.now() - t)`;

  const times = [1, 2, 3].map(() =>
    Number(
      spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: root }).stdout.toString(),
    ),
  );

  expect(Math.min(...times)).toBeGreaterThan(0);
  expect(Math.min(...times)).toBeLessThan(100);
});

function call(extra: Record<string, string> = {}): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['scripts/call.mjs'], {
    cwd: root,
    env: environment(extra),
    encoding: 'utf8',
  });
}

function callAsync(): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/call.mjs'], {
      cwd: root,
      env: environment({}),
      stdio: 'ignore',
    });
    child.on('error', reject).on('close', resolve);
  });
}

function environment(extra: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, NODE_OPTIONS: '', npm_execpath: join(root, 'npm', 'npm-cli.js'), ...extra };
}

function asOldNode(version: string): string {
  const code = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

function npmRuns(): string[] {
  const runs = join(root, 'runs');
  return existsSync(runs) ? readFileSync(runs, 'utf8').trim().split('\n') : [];
}

function writeHiddenLock(packages: object): void {
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
}
