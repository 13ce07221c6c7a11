import { createHash, randomUUID } from 'node:crypto';
import { mkdir, realpath, rename, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LeaseTaken } from '../sync/errors.ts';

/** Gives the folder back. */
export type Unlock = () => Promise<void>;

/** Unix socket addresses hold 103 bytes everywhere. */
const MAX_SOCKET_PATH = 103;

/**
 * Keeps other processes out of the folder, which is made if it is missing; throws `LeaseTaken` while another one is in.
 * The lock is a socket that listens beside the folder: the kernel alone knows whether its holder lives, so a crash leaves
 * nothing that stands in the way, and no process id can be mistaken for another's, in another container either.
 */
export async function lockFolder(folder: string): Promise<Unlock> {
  await mkdir(folder, { recursive: true });
  const path = await realpath(folder);
  const server = await listen(addressOf(path), path);
  // The lock alone must not keep the process alive.
  server.unref();
  return () =>
    new Promise((done) => {
      server.close(() => {
        done();
      });
    });
}

function addressOf(folder: string): string {
  const beside = `${resolve(folder)}.lock`;
  if (Buffer.byteLength(beside) <= MAX_SOCKET_PATH) return beside;
  return join(
    tmpdir(),
    `confluence-sync-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}.lock`,
  );
}

async function listen(address: string, folder: string): Promise<Server> {
  for (let tries = 0; tries < 3; tries += 1) {
    const server = await tryListen(address);
    if (server !== null) return server;
    if (await isAlive(address)) throw taken(folder);
    await removeStale(address, folder);
  }
  throw taken(folder);
}

function taken(folder: string): LeaseTaken {
  return new LeaseTaken(`another process has the database in ${folder} open: wait for it to end, or stop it`);
}

function tryListen(address: string): Promise<Server | null> {
  return new Promise((listening, failed) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') listening(null);
      else failed(error);
    });
    server.listen(address, () => {
      listening(server);
    });
  });
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
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // Nobody listens, or nothing is there any more. Any other trouble is no proof of death.
      answer(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
    });
  });
}

/** Moves the dead lock aside first: another process may have put a live one in its place a moment ago. */
async function removeStale(address: string, folder: string): Promise<void> {
  const aside = `${address.slice(0, MAX_SOCKET_PATH - 9)}.${randomUUID().slice(0, 8)}`;
  try {
    await rename(address, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  if (await isAlive(aside)) {
    await rename(aside, address);
    throw taken(folder);
  }
  await rm(aside, { force: true });
}
