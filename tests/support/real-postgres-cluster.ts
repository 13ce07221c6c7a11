import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { findPostgresBinaries } from './real-postgres-binaries.ts';

/** A running server of our own; `url` is of its superuser, on loopback. */
export type Cluster = Readonly<{
  url: string;
  port: number;
  /** Runs `pg_ctl` on the cluster. */
  control: (...command: string[]) => void;
}>;

/** Who the server runs as: it refuses to run as root. */
type Owner = Readonly<{ uid?: number; gid?: number }>;

/** A crash of the machine may cost the cluster; a crash of the server does not. */
const CARELESS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
const SETTINGS = ['listen_addresses=127.0.0.1', 'max_connections=100', 'unix_socket_directories='];

/**
 * Makes a cluster in `home`, which must be an empty or missing folder, and starts it; it outlives this process. Without
 * `settings` it is fast and careless of power cuts.
 */
export async function startCluster(home: string, settings: readonly string[] = CARELESS): Promise<Cluster> {
  const owner = chooseOwner();
  mkdirSync(home, { recursive: true, mode: 0o755 });
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(home, owner.uid, owner.gid);
  const binaries = usableBinaries(findPostgresBinaries(), home, owner);
  const data = join(home, 'data');
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, 'test', { mode: 0o644 });
  run(join(binaries, 'initdb'), owner, [
    '-D',
    data,
    '-U',
    'tests',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ]);
  const port = await freePort();
  const options = [...SETTINGS, ...settings, `port=${port}`].map((setting) => `-c ${setting}`).join(' ');
  const control = (...command: string[]): void => {
    run(join(binaries, 'pg_ctl'), owner, [
      ...command,
      '-D',
      data,
      '-w',
      '-l',
      join(home, 'log'),
      '-o',
      options,
    ]);
  };
  control('start');
  return { url: `postgres://tests:test@127.0.0.1:${port}/postgres`, port, control };
}

/** Stops the server whose cluster lies in `home`, however it was left, and removes the folder. */
export function removeCluster(home: string): void {
  const pidFile = join(home, 'data', 'postmaster.pid');
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : Number.NaN;
  // The number may be another process's by now.
  if (Number.isInteger(pid) && argumentsOf(pid).includes(join(home, 'data'))) stop(pid);
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}

function stop(pid: number): void {
  // Immediate shutdown: nothing in it is worth a checkpoint.
  process.kill(pid, 'SIGQUIT');
  const end = Date.now() + 5_000;
  while (argumentsOf(pid) !== '') {
    if (Date.now() > end) process.kill(pid, 'SIGKILL');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

function argumentsOf(pid: number): string {
  return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}

function chooseOwner(): Owner {
  if (process.getuid?.() !== 0) return {};
  const id = (kind: string): number => Number(execFileSync('id', [kind, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** The other user may not get at the programs where they are. */
function usableBinaries(folder: string, home: string, owner: Owner): string {
  const { status } = spawnSync(join(folder, 'initdb'), ['--version'], { ...owner, stdio: 'ignore' });
  if (status === 0) return folder;
  const copy = join(home, 'programs');
  cpSync(dirname(folder), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

/** Throws with what the program said. Its output goes to a file's place, or `pg_ctl start` would never end. */
function run(program: string, owner: Owner, parameters: readonly string[]): void {
  const { status, error, stderr } = spawnSync(program, parameters, {
    ...owner,
    cwd: '/',
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', program.endsWith('pg_ctl') ? 'ignore' : 'pipe'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  if (status === 0) return;
  throw new Error(`${program} ${parameters.join(' ')} failed: ${error?.message ?? stderr}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
