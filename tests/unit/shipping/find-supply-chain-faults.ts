/** What a lock file says of one package, as far as trust in it goes. */
export type LockEntry = Readonly<{
  version?: string;
  integrity?: string;
  /** Absent where npm was told to leave the registry out of the lock file. */
  resolved?: string;
  hasInstallScript?: boolean;
  link?: boolean;
  dev?: boolean;
  devOptional?: boolean;
  optionalDependencies?: Readonly<Record<string, string>>;
}>;

/** They bring programs built for a platform, and work without their script: it only checks the program. */
const mayHaveScript: ReadonlySet<string> = new Set([
  '@parcel/watcher',
  '@swc/core',
  'esbuild',
  'unrs-resolver',
]);

/** Everything in a lock file that has to be taken on trust, one sentence each; empty when nothing has. */
export function findSupplyChainFaults(packages: Readonly<Record<string, LockEntry>>): readonly string[] {
  return Object.entries(packages).flatMap(([path, entry]) => {
    const name = path.replace(/^.*node_modules\//, '');
    const faults = name === '' ? [] : [...findFaults(name, entry), ...findGaps(path, entry, packages)];
    return faults.map((fault) => `${name}@${entry.version ?? '?'} ${fault}`);
  });
}

function findFaults(name: string, entry: LockEntry): string[] {
  if (entry.link === true) return ['is a link'];
  const faults: string[] = [];
  if (!/^sha512-/.test(entry.integrity ?? '')) faults.push('has no sha512');
  if (entry.hasInstallScript === true && !mayHaveScript.has(name)) faults.push('has an install script');
  if (entry.resolved !== undefined) faults.push(...findOriginFaults(new URL(entry.resolved)));
  return faults;
}

function findOriginFaults({ host, protocol }: URL): string[] {
  if (host !== 'registry.npmjs.org') return [`comes from ${host}`];
  return protocol === 'https:' ? [] : [`comes over ${protocol}`];
}

/** npm ci refuses a lock file that leaves out what a package wants on another platform. */
function findGaps(path: string, entry: LockEntry, packages: Readonly<Record<string, LockEntry>>): string[] {
  return Object.keys(entry.optionalDependencies ?? {})
    .filter((name) => !placesOf(name, path).some((place) => Object.hasOwn(packages, place)))
    .map((name) => `wants ${name}, which is not in the lock file`);
}

/** Where Node looks for `name` from inside the package at `path`, nearest first. */
function placesOf(name: string, path: string): string[] {
  const parents = path
    .split('/node_modules/')
    .map((_part, index, parts) => parts.slice(0, index + 1).join('/node_modules/'));
  return [...parents.reverse().map((parent) => `${parent}/node_modules/${name}`), `node_modules/${name}`];
}
