import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Disks so small that they are soon full, which only programs started `within` see. */
export type SmallDisks = Readonly<{
  /** What the command of a program is put behind. It runs as a user that PostgreSQL takes. */
  within: readonly string[];
  pathOf: (disk: string) => string;
  /** Leaves so many kilobytes of a disk. */
  fill: (disk: string, leftKilobytes: number) => void;
  free: (disk: string) => void;
  remove: () => void;
}>;

/**
 * Mounts disks in memory, of so many megabytes each, in a namespace of their own that goes with the last process in it: root
 * mounts as itself, anybody else in a user namespace.
 */
export async function mountSmallDisks(megabytes: Readonly<Record<string, number>>): Promise<SmallDisks> {
  const folder = mkdtempSync(join(tmpdir(), 'confluence-sync-disks-'));
  chmodSync(folder, 0o755);
  const isRoot = process.getuid?.() === 0;
  const id = (kind: string): string => execFileSync('id', [kind, 'nobody'], { encoding: 'utf8' }).trim();
  const owner = isRoot ? `,uid=${id('-u')},gid=${id('-g')}` : '';
  const pathOf = (disk: string): string => join(folder, disk);
  const mounts = Object.entries(megabytes).map(([disk, size]) => {
    mkdirSync(pathOf(disk));
    return `mount -t tmpfs -o size=${size}m,mode=0755${owner} none '${pathOf(disk)}'`;
  });
  // It holds the namespace until its input ends, which it does with this process.
  const holder = spawn(
    'unshare',
    [isRoot ? '-m' : '-Urm', 'sh', '-c', [...mounts, 'echo', 'cat'].join(' && ')],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  await Promise.race([once(holder.stdout, 'data'), failure(holder)]);
  const entering = ['-t', String(holder.pid), ...(isRoot ? asNobody(id) : AS_OURSELVES)];
  const within = ['nsenter', ...entering];
  const inside = (script: string): void => {
    execFileSync('nsenter', [...entering, 'sh', '-c', script], { cwd: '/' });
  };
  return {
    ...{ within, pathOf },
    fill: (disk, leftKilobytes) => {
      const size = `$(( $(df -k --output=avail . | tail -n 1) - ${leftKilobytes} ))`;
      inside(`cd '${pathOf(disk)}' && head -c ${size}K /dev/zero > filler`);
    },
    free: (disk) => {
      inside(`rm '${pathOf(disk)}/filler'`);
    },
    remove: () => {
      holder.kill();
      rmSync(folder, { recursive: true });
    },
  };
}

function asNobody(id: (kind: string) => string): readonly string[] {
  return ['-m', '--', 'setpriv', `--reuid=${id('-u')}`, `--regid=${id('-g')}`, '--clear-groups'];
}

/** PostgreSQL refuses to run as the root that we are in a namespace of our own. */
const AS_OURSELVES = [
  ...['-U', '-m', '--preserve-credentials', '--'],
  ...['unshare', '-U', '--map-user=1000', '--map-group=1000'],
];

async function failure(holder: ReturnType<typeof spawn>): Promise<never> {
  await once(holder, 'close');
  throw new Error('a small disk could not be mounted: it takes root, or user namespaces');
}
