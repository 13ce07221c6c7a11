import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findPooler, type PoolerBinary } from './pooler-binary.ts';

/**
 * Starts a pooler in transaction mode before the server and returns the server's address through it: a pgbouncer, or where none
 * can be had one of our own. It outlives this process; all of it lies in `home`, which must exist. `connections` are those to
 * each database.
 */
export async function startPooler(home: string, server: string, connections = 10): Promise<string> {
  const folder = join(home, 'pooler');
  mkdirSync(folder, { mode: 0o755 });
  const url = new URL(server);
  const found = process.env['TEST_POOLER'] === 'own' ? null : findPooler();
  const port =
    found === null
      ? await startOwn(folder, url, connections)
      : await startPgbouncer(found, folder, url, connections);
  url.port = String(port);
  return url.href;
}

async function startOwn(folder: string, server: URL, connections: number): Promise<number> {
  const program = fileURLToPath(new URL('./own-pooler.ts', import.meta.url));
  const parameters = [folder, server.hostname, server.port || '5432', String(connections)];
  spawn(process.execPath, ['--import', 'tsx', program, ...parameters], {
    cwd: join(import.meta.dirname, '..', '..'),
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] },
  }).unref();
  const written = join(folder, 'port');
  for (let tries = 1; !existsSync(written); tries++) {
    if (tries === 600) throw new Error('the pooler of our own does not listen');
    await sleep(50);
  }
  return Number(readFileSync(written, 'utf8'));
}

async function startPgbouncer(
  { program, libraries }: PoolerBinary,
  folder: string,
  server: URL,
  connections: number,
): Promise<number> {
  // The other user may not get at the program where it is.
  if (libraries !== null) cpSync(libraries, join(folder, 'libraries'), { recursive: true });
  cpSync(program, join(folder, basename(program)));
  const port = await freePort();
  writeSettings(folder, port, server, connections);
  const owner = handOver(folder);
  const started = spawnSync(join(folder, basename(program)), ['-d', join(folder, 'pgbouncer.ini')], {
    ...owner,
    cwd: '/',
    env: { LD_LIBRARY_PATH: join(folder, 'libraries') },
    stdio: 'ignore',
  });
  if (started.status !== 0) throw new Error(`pgbouncer did not start: ${readLog(folder)}`);
  await untilItListens(port, folder);
  return port;
}

/** Stops the pooler that lies in `home`, if there is one. */
export function stopPooler(home: string): void {
  const pidFile = join(home, 'pooler', 'pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const { stdout } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  // The number may be another process's by now.
  if (stdout.includes(join(home, 'pooler'))) process.kill(pid, 'SIGKILL');
}

function writeSettings(folder: string, port: number, server: URL, connections: number): void {
  const settings = [
    '[databases]',
    `* = host=${server.hostname} port=${server.port || '5432'}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'pool_mode = transaction',
    'auth_type = scram-sha-256',
    `auth_file = ${join(folder, 'users')}`,
    `auth_user = ${server.username}`,
    'auth_query = select usename, passwd from pg_shadow where usename = $1',
    'max_client_conn = 500',
    // Few for many clients: what a session leaves behind, another one finds.
    `default_pool_size = ${connections}`,
    'server_idle_timeout = 30',
    `logfile = ${join(folder, 'log')}`,
    `pidfile = ${join(folder, 'pid')}`,
  ];
  writeFileSync(join(folder, 'pgbouncer.ini'), `${settings.join('\n')}\n`);
  const password = decodeURIComponent(server.password).replaceAll('"', '""');
  writeFileSync(join(folder, 'users'), `"${server.username}" "${password}"\n`);
}

/** pgbouncer refuses to run as root. */
function handOver(folder: string): Readonly<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const id = (kind: string): number => Number(execFileSync('id', [kind, 'nobody'], { encoding: 'utf8' }));
  const owner = { uid: id('-u'), gid: id('-g') };
  chownSync(folder, owner.uid, owner.gid);
  return owner;
}

async function untilItListens(port: number, folder: string): Promise<void> {
  for (let tries = 1; !(await isOpen(port)); tries++) {
    if (tries === 100) throw new Error(`pgbouncer does not listen: ${readLog(folder)}`);
    await sleep(50);
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', answer(true)).once('error', answer(false));
  });
}

function readLog(folder: string): string {
  const log = join(folder, 'log');
  return existsSync(log) ? readFileSync(log, 'utf8').slice(-2_000) : 'it wrote no log';
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
