import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    if (name.startsWith(PREFIX) && Number.isInteger(pid) && !isAlive(pid))
      removeCluster(join(tmpdir(), name));
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
