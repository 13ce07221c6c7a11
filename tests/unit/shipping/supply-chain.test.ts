import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findSupplyChainFaults, type LockEntry } from './find-supply-chain-faults.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockEntry>;
};
const good: LockEntry = {
  version: '1.0.0',
  integrity: 'sha512-abc=',
  resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz',
};

/** What runs beside someone's Confluence token: raise it only with a look at what came in. */
const mostProductionPackages = 100;

test('every package is proved by its content and comes from the public registry', () => {
  expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
  expect(findSupplyChainFaults(lock.packages)).toEqual([]);
});

test('no package runs a script when it is installed', () => {
  expect(readFileSync(join(root, '.npmrc'), 'utf8').split('\n')).toContain('ignore-scripts=true');
});

test(`the image ships at most ${String(mostProductionPackages)} packages`, () => {
  const shipped = Object.entries(lock.packages).filter(
    ([path, entry]) => path !== '' && !isDevelopment(entry),
  );

  process.stderr.write(`the image ships ${String(shipped.length)} packages\n`);

  expect(shipped.length).toBeGreaterThan(10);
  expect(shipped.length).toBeLessThanOrEqual(mostProductionPackages);
});

test.each<[string, LockEntry, string]>([
  ['without a hash', { version: '1.0.0' }, 'a@1.0.0 has no sha512'],
  ['with a weak hash', { ...good, integrity: 'sha1-abc=' }, 'a@1.0.0 has no sha512'],
  [
    'from another host',
    { ...good, resolved: 'https://registry.example/a.tgz' },
    'a@1.0.0 comes from registry.example',
  ],
  ['from git', { ...good, resolved: 'git+ssh://git@github.com/a/a.git#1' }, 'a@1.0.0 comes from github.com'],
  ['over plain http', { ...good, resolved: 'http://registry.npmjs.org/a.tgz' }, 'a@1.0.0 comes over http:'],
  ['with a script', { ...good, hasInstallScript: true }, 'a@1.0.0 has an install script'],
  [
    'whose build for another platform is missing',
    { ...good, optionalDependencies: { b: '1' } },
    'a@1.0.0 wants b, which is not in the lock file',
  ],
  ['from a folder', { resolved: 'packages/a', link: true }, 'a@? is a link'],
])('a package %s is refused', (_name, entry, fault) => {
  expect(findSupplyChainFaults({ '': {}, 'node_modules/a': entry })).toEqual([fault]);
});

test.each(['node_modules/b', 'node_modules/a/node_modules/b'])(
  'an optional package at %s is in the lock file',
  (place) => {
    const packages = { 'node_modules/a': { ...good, optionalDependencies: { b: '1' } }, [place]: good };

    expect(findSupplyChainFaults(packages)).toEqual([]);
  },
);

function isDevelopment(entry: LockEntry): boolean {
  return entry.dev === true || entry.devOptional === true;
}
