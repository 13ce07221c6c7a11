import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { expect, test } from '@jest/globals';
import { findDockerfileFaults } from './find-dockerfile-faults.ts';
import { readDockerfile, type Instruction } from './read-dockerfile.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
const instructions = readDockerfile(text);

test('the Dockerfile has no fault that a linter knows', () => {
  expect(validate(text)).toEqual([]);
});

test('the Dockerfile breaks none of our rules', () => {
  expect(findDockerfileFaults(text)).toEqual([]);
});

const pin = /node:[\d.]+-bookworm-slim/;
test.each([
  ['a moving base', pin, 'node:24-slim', 'every base image is pinned to an exact version'],
  ['the latest base', pin, 'node:latest', 'every base image is pinned to an exact version'],
  ['a base without a tag', pin, 'node', 'every base image is pinned to an exact version'],
  ['two bases', pin, 'node:24.1.0-bookworm-slim', 'every stage has the same base'],
  ['root', /^USER .*$/m, 'USER 0', 'the program runs as a number that is not root'],
  ['a user by name', /^USER .*$/m, 'USER node', 'the program runs as a number that is not root'],
  ['no user', /^USER .*$/m, '', 'the program runs as a number that is not root'],
  [
    'a start through a shell',
    /^ENTRYPOINT .*$/m,
    'ENTRYPOINT node dist/main.js',
    'the program is started by node in exec form',
  ],
  [
    'a start through npm',
    /^ENTRYPOINT .*$/m,
    'ENTRYPOINT ["npm", "start"]',
    'the program is started by node in exec form',
  ],
  ['a command in shell form', /^CMD .*$/m, 'CMD start', 'the default command is in exec form'],
  ['no health check', /HEALTHCHECK[^]*?\]$/m, '', 'health is asked by node in exec form'],
  ['curl', /"node", "-e"/, '"curl", "-f"', 'health is asked by node in exec form'],
  ['an archive', /COPY src/, 'ADD src', 'nothing is added from an address or an archive'],
  [
    'scripts of packages',
    /npm ci --ignore-scripts/,
    'npm ci',
    'packages come from the lock file, without their scripts',
  ],
  [
    'a loose install',
    /npm ci --ignore-scripts/,
    'npm install',
    'packages come from the lock file, without their scripts',
  ],
  ['development packages', / --omit=dev/, '', 'development packages stay out'],
  ['the whole folder', /COPY src .\/src/, 'COPY . .', 'the whole folder is never copied'],
  ['a token', /NODE_ENV=production/, 'NODE_ENV=production HTTP_TOKEN=x', 'no secret is built in'],
])('a Dockerfile with %s is refused', (_name, part, replacement, rule) => {
  expect(findDockerfileFaults(text.replace(part, replacement))).toContain(rule);
});

test('every file the image is built from exists and passes .dockerignore, secrets and history do not', () => {
  const passes = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const copied = of('COPY').filter(({ flags }) => !('--from' in flags));
  const sources = [...new Set(copied.flatMap(({ argument }) => argument.split(/\s+/).slice(0, -1)))];

  expect(sources.length).toBeGreaterThan(5);
  expect(passes[0]).toBe('*');
  expect(sources.map((source) => `!${source.replace(/^\.\//, '')}`).sort()).toEqual(passes.slice(1).sort());
  expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
});

test('every package the image ships works without __proto__', () => {
  const program = `for (const name of ${JSON.stringify(productionPackages())}) await import(name);`;
  const flags = entrypoint().filter((flag) => flag === '--disable-proto=delete');

  const result = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', program], {
    cwd: root,
    encoding: 'utf8',
  });

  expect(flags).toHaveLength(1);
  expect(result).toMatchObject({ status: 0, stderr: '' });
});

test.each([
  [200, 0],
  [503, 1],
])('a worker that answers /livez with %d makes the health check end with %d', async (status, code) => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  expect(await askHealth((server.address() as AddressInfo).port)).toBe(code);
  expect(asked).toEqual(['/livez']);
  await new Promise((resolve) => server.close(resolve));
});

test('a worker that does not listen makes the health check end with 1', async () => {
  expect(await askHealth(1)).toBe(1);
});

function of(keyword: string): readonly Instruction[] {
  return instructions.filter((instruction) => instruction.keyword === keyword);
}

function entrypoint(): readonly string[] {
  return of('ENTRYPOINT').at(-1)?.exec ?? [];
}

function productionPackages(): readonly string[] {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: object;
  };
  return Object.keys(dependencies);
}

function askHealth(port: number): Promise<number | null> {
  const [, ...args] = of('HEALTHCHECK').at(-1)?.exec ?? [];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, HTTP_PORT: String(port) },
      stdio: 'ignore',
    });
    child.on('error', reject).on('close', resolve);
  });
}
