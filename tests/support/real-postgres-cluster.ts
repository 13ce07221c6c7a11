import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { findPostgresBinaries } from './real-postgres-binaries.ts';

/** A running server of our own; `url` is of its superuser, on loopback. */
export type Cluster = Readonly<{
  url: string;
  port: number;
  /** Runs `pg_ctl` on the cluster; while it runs, this process does nothing else. */
  control: (...command: string[]) => void;
  /** Runs `pg_ctl` on the cluster while this process goes on. */
  order: (...command: string[]) => Promise<void>;
}>;

/** `within`: what a program's command is put behind, instead of running it as another user. */
export type ClusterOptions = Readonly<{ initdb?: readonly string[]; within?: readonly string[] }>;

/** Who the server runs as: it refuses to run as root. */
type Owner = Readonly<{ uid?: number; gid?: number }>;

/** A crash of the machine may cost the cluster; a crash of the server does not. */
const CARELESS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
const SETTINGS = ['listen_addresses=127.0.0.1', 'max_connections=100', 'unix_socket_directories='];

/**
 * Makes a cluster in `home`, which must be an empty or missing folder, and starts it; it outlives this process. Without
 * `settings` it is fast and careless of power cuts.
 */
export async function startCluster(
  home: string,
  settings: readonly string[] = CARELESS,
  { initdb = [], within = [] }: ClusterOptions = {},
): Promise<Cluster> {
  const programs = prepareHome(home, within);
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, 'test', { mode: 0o644 });
  programs.run('initdb', [
    ...['-D', join(home, 'data'), '-U', 'tests', '--encoding=UTF8', '--locale=C', '--no-sync'],
    ...['--auth=scram-sha-256', `--pwfile=${passwordFile}`, ...initdb],
  ]);
  return await startServer(home, programs, settings);
}

/**
 * Copies the cluster in `primaryHome`, which restarts for it, into `home` and starts the copy as a standby of it. Done by hand:
 * the programs from npm have no `pg_basebackup`.
 */
export async function startStandby(
  home: string,
  primaryHome: string,
  primary: Cluster,
  settings: readonly string[],
): Promise<Cluster> {
  const programs = prepareHome(home, []);
  const data = join(home, 'data');
  primary.control('stop', '-m', 'fast');
  execFileSync('cp', ['-a', join(primaryHome, 'data'), data]);
  primary.control('start');
  writeFileSync(join(data, 'standby.signal'), '');
  const { hostname: host, port, username: user, password } = new URL(primary.url);
  const address = `host=${host} port=${port} user=${user} password=${password}`;
  appendFileSync(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${address}'\n`);
  return await startServer(home, programs, settings);
}

async function startServer(home: string, programs: Programs, settings: readonly string[]): Promise<Cluster> {
  const port = await freePort();
  const options = [...SETTINGS, ...settings, `port=${port}`].map((setting) => `-c ${setting}`).join(' ');
  const around = ['-D', join(home, 'data'), '-w', '-l', join(home, 'log'), '-o', options];
  const control = (...command: string[]): void => {
    programs.run('pg_ctl', [...command, ...around]);
  };
  const order = (...command: string[]): Promise<void> => programs.runAside('pg_ctl', [...command, ...around]);
  control('start');
  return { url: `postgres://tests:test@127.0.0.1:${port}/postgres`, port, control, order };
}

/** PostgreSQL's programs, as the one they run as. */
type Programs = Readonly<{
  run: (name: string, parameters: readonly string[]) => void;
  runAside: (name: string, parameters: readonly string[]) => Promise<void>;
}>;

function prepareHome(home: string, within: readonly string[]): Programs {
  const owner = chooseOwner();
  mkdirSync(home, { recursive: true, mode: 0o755 });
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(home, owner.uid, owner.gid);
  const binaries = usableBinaries(findPostgresBinaries(), home, owner);
  const commandOf = (name: string, parameters: readonly string[]) => {
    const [program = '', ...rest] = [...within, join(binaries, name), ...parameters];
    return { program, parameters: rest, owner: within.length === 0 ? owner : {}, isQuiet: name === 'pg_ctl' };
  };
  return {
    run: (name, parameters) => {
      run(commandOf(name, parameters));
    },
    runAside: (name, parameters) => runAside(commandOf(name, parameters)),
  };
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

type Command = Readonly<{
  program: string;
  parameters: readonly string[];
  owner: Owner;
  /** Its output goes nowhere: the server would inherit a pipe, and `pg_ctl start` never end. */
  isQuiet: boolean;
}>;

/** Throws with what the program said. */
function run({ program, parameters, owner, isQuiet }: Command): void {
  const { status, error, stderr } = spawnSync(program, parameters, {
    ...surroundings(owner),
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', isQuiet ? 'ignore' : 'pipe'],
  });
  if (status === 0) return;
  throw new Error(`${program} ${parameters.join(' ')} failed: ${error?.message ?? stderr}`);
}

async function runAside({ program, parameters, owner, isQuiet }: Command): Promise<void> {
  const child = spawn(program, parameters, {
    ...surroundings(owner),
    stdio: ['ignore', 'ignore', isQuiet ? 'ignore' : 'inherit'],
  });
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')} failed`);
}

function surroundings(owner: Owner) {
  return { ...owner, cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
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
