import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A pgbouncer, and the folder of the libraries that it came with; null where the system has them. */
export type PoolerBinary = Readonly<{ program: string; libraries: string | null }>;

const home = join(import.meta.dirname, '..', '..', '.cache', 'pgbouncer');

/**
 * pgbouncer: on the path, in the usual place, else Debian's package, unpacked into `.cache`, so that nothing is installed.
 * Null where none can be had.
 */
export function findPooler(): PoolerBinary | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const installed = folders.map((folder) => join(folder, 'pgbouncer')).find((program) => existsSync(program));
  if (installed !== undefined) return { program: installed, libraries: null };
  if (!existsSync(home) && !fetchPooler()) return null;
  const library = join(home, 'usr', 'lib');
  const [machine = ''] = readdirSync(library).filter((name) => name.includes('linux'));
  return { program: join(home, 'usr', 'sbin', 'pgbouncer'), libraries: join(library, machine) };
}

function fetchPooler(): boolean {
  const staging = `${home}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  try {
    const run = (program: string, ...parameters: string[]): void => {
      execFileSync(program, parameters, { cwd: staging, stdio: 'pipe' });
    };
    run('apt-get', 'download', '--quiet', 'pgbouncer', 'libc-ares2', 'libevent-2.1-7');
    for (const name of readdirSync(staging).filter((file) => file.endsWith('.deb')))
      run('dpkg', '-x', name, '.');
    renameSync(staging, home);
    return true;
  } catch {
    rmSync(staging, { recursive: true, force: true });
    return existsSync(home);
  }
}
