import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopPooler } from './pooler.ts';
import { removeCluster } from './real-postgres-cluster.ts';

const PREFIX = 'confluence-sync-postgres-';

/** Where the server of a test run lives; the name tells whose it is. */
export function homeOf(pid: number): string {
  return join(tmpdir(), `${PREFIX}${pid}`);
}

/** Removes the servers of test runs that were killed before they could. */
export function removeOrphans(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(name.slice(PREFIX.length));
    if (name.startsWith(PREFIX) && Number.isInteger(pid) && !isAlive(pid)) removeHome(pid);
  }
}

/** Stops what runs in the home of a test run, and removes it. */
export function removeHome(pid: number): void {
  stopPooler(homeOf(pid));
  removeCluster(homeOf(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
