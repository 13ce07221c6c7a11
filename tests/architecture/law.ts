/** The rooms of src/ from the door inwards: a room may use rooms further in, and no other of its own layer. */
export const layers: readonly (readonly string[])[] = [
  ['main'],
  ['cli'],
  ['worker', 'server', 'confluence', 'postgres', 'sample-site', 'config'],
  ['sync'],
  ['content'],
];

/** The packages that src/ may use, and where. */
export const packageRooms: Readonly<Record<string, readonly string[]>> = {
  '@electric-sql/pglite': ['postgres'],
  kysely: ['postgres'],
  pg: ['postgres'],
  axios: ['confluence'],
  'node-cron': ['worker'],
  hono: ['server', 'sample-site'],
  '@hono/node-server': ['server', 'sample-site'],
  'prom-client': ['server'],
  htmlparser2: ['content'],
  commander: ['main', 'cli'],
  'cli-progress': ['main', 'cli'],
  pino: ['main', 'cli'],
  'pino-pretty': ['main', 'cli'],
  dotenv: ['main', 'cli', 'config'],
  zod: ['cli', 'config', 'confluence', 'postgres', 'server', 'sample-site'],
};

/** What of Node the rooms without I/O may use: functions of their arguments only. */
export const pureBuiltins: readonly string[] = ['node:crypto', 'node:util'];

/** Rooms without I/O. */
export const pureRooms: readonly string[] = ['sync', 'content'];

/** Parts of Node that are the process itself; they belong to the edge however they are reached. */
export const edgeBuiltins: readonly string[] = [
  'node:process',
  'node:console',
  'node:timers',
  'node:timers/promises',
  'node:perf_hooks',
];

/** The rooms that may touch the process, time and chance. */
export const edgeRooms: readonly string[] = ['main', 'cli'];

/** Names that reach the process, time or chance; `new Date()` without an argument is found beside them. */
export const edgeNames: readonly string[] = [
  'process',
  'console',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'Date.now',
  'Math.random',
];

/** What a file may use all the same, and why. Keys are `file name`. */
export const exceptions: Readonly<Record<string, string>> = {};
