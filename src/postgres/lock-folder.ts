import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { LeaseTaken } from '../sync/errors.ts';
import { errorCode } from './error-code.ts';

/** Gives the folder back. */
export type Unlock = () => Promise<void>;

/** Addresses of Unix sockets hold 103 bytes everywhere. */
const MAX_SOCKET_PATH = 103;
const LENGTH_OF_OWN_NAME = 8;

/**
 * Keeps other processes out of the folder, which is made if it is missing; throws `LeaseTaken` while another one is in.
 * The lock is a socket that listens beside the folder. The kernel alone knows whether its holder lives, so a crash leaves
 * nothing that stands in the way, and no process id can be mistaken for another's, in another container either.
 */
export async function lockFolder(folder: string): Promise<Unlock> {
  await mkdir(folder, { recursive: true });
  const path = await realpath(folder);
  const prefix = prefixOf(path);
  const own = `${prefix}${randomUUID().slice(0, LENGTH_OF_OWN_NAME)}`;
  const server = await listen(own);
  // The lock alone must not keep the process alive.
  server.unref();
  // Everyone listens first and looks round then: of two at once, at least one sees the other.
  if (await isAlone(prefix, own)) return () => close(server);
  await close(server);
  throw new LeaseTaken(`another process has the database in ${path} open: wait for it to end, or stop it`);
}

function prefixOf(folder: string): string {
  const beside = `${folder}.lock-`;
  if (Buffer.byteLength(beside) + LENGTH_OF_OWN_NAME <= MAX_SOCKET_PATH) return beside;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return join(tmpdir(), `confluence-sync-${name}.lock-`);
}

/** Looks at the other locks of the folder and removes those of the dead. */
async function isAlone(prefix: string, own: string): Promise<boolean> {
  const names = await readdir(dirname(prefix));
  const locks = names
    .filter((name) => name.startsWith(basename(prefix)))
    .map((name) => join(dirname(prefix), name));
  const dead: string[] = [];
  for (const lock of locks.filter((lock) => lock !== own)) {
    if (await isAlive(lock)) return false;
    dead.push(lock);
  }
  for (const lock of dead) await rm(lock, { force: true });
  return await isThere(own);
}

/** Another process may have taken our lock for dead between its birth and its first breath. */
async function isThere(lock: string): Promise<boolean> {
  try {
    await access(lock);
    return true;
  } catch {
    return false;
  }
}

function isAlive(address: string): Promise<boolean> {
  return new Promise((answered) => {
    const socket = connect(address);
    const answer = (alive: boolean): void => {
      socket.destroy();
      answered(alive);
    };
    socket.once('connect', () => {
      answer(true);
    });
    socket.once('error', (error) => {
      // Nobody listens, or nothing is there any more. Any other trouble is no proof of death.
      answer(errorCode(error) !== 'ECONNREFUSED' && errorCode(error) !== 'ENOENT');
    });
  });
}

function listen(address: string): Promise<Server> {
  return new Promise((listening, failed) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', failed);
    server.listen(address, () => {
      listening(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((closed) => {
    server.close(() => {
      closed();
    });
  });
}
