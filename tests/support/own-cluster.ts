import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  removeCluster,
  startCluster,
  startStandby,
  type Cluster,
  type ClusterOptions,
} from './real-postgres-cluster.ts';

/** A server that a test may break as it likes. */
export type OwnCluster = Cluster &
  Readonly<{
    home: string;
    /** Kills the server without a word. */
    crash: () => void;
    /** Starts it again, as soon as the last of its processes is gone. */
    revive: () => Promise<void>;
    /** All that the server logged. */
    log: () => string;
    remove: () => void;
  }>;

const PREFIX = 'confluence-sync-own-';

/** A crash of the server costs nothing, a crash of the machine everything. */
export const CAREFUL = ['fsync=off', 'full_page_writes=off'];

/** Starts a server of a test's own. What test runs that were killed left behind goes first. */
export async function startOwnCluster(
  name: string,
  settings: readonly string[] = [],
  options: ClusterOptions = {},
): Promise<OwnCluster> {
  removeLeftovers();
  const home = join(tmpdir(), `${PREFIX}${process.pid}-${name}`);
  return owned(home, await startOrRemove(home, startCluster(home, [...CAREFUL, ...settings], options)));
}

/** Starts a standby of a server, which restarts for it. */
export async function startOwnStandby(name: string, primary: OwnCluster): Promise<OwnCluster> {
  const home = join(tmpdir(), `${PREFIX}${process.pid}-${name}`);
  return owned(home, await startOrRemove(home, startStandby(home, primary.home, primary, CAREFUL)));
}

async function startOrRemove(home: string, starting: Promise<Cluster>): Promise<Cluster> {
  try {
    return await starting;
  } catch (error) {
    const log = join(home, 'log');
    const said = existsSync(log) ? readFileSync(log, 'utf8') : 'nothing';
    removeCluster(home);
    throw new Error(`a server of the test's own did not start; it said: ${said}`, { cause: error });
  }
}

function owned(home: string, cluster: Cluster): OwnCluster {
  const log = (): string => readFileSync(join(home, 'log'), 'utf8');
  const crash = (): void => {
    process.kill(
      Number(readFileSync(join(home, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]),
      'SIGKILL',
    );
  };
  const revive = async (): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      try {
        await cluster.order('start');
        return;
      } catch (error) {
        if (tries === 50) throw error;
        await sleep(100);
      }
    }
  };
  return {
    ...cluster,
    ...{ home, log, crash, revive },
    remove: () => {
      removeCluster(home);
    },
  };
}

function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(PREFIX))) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if (Number.isInteger(pid) && !isAlive(pid)) removeCluster(join(tmpdir(), name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
