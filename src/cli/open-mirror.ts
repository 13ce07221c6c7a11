import { loadConfig, type Config } from '../config/load-config.ts';
import { openDatabase, type Database } from '../postgres/open-database.ts';
import type { Log } from '../sync/ambient.ts';
import type { CliContext } from './context.ts';

/** Opens the database that the configuration names. */
export async function openMirror(config: Config, log: Log, context: CliContext): Promise<Database> {
  const { DATABASE_URL: url, DATABASE_SCHEMA: schema, DATABASE_POOL_MAX: poolMax } = config.values;
  const retention = {
    changesKeepDays: config.values.CHANGES_KEEP_DAYS,
    deletedBodies: config.values.DELETED_BODIES,
  };
  return await openDatabase(
    { url, schema, poolMax, retention, ...rereading(context) },
    { clock: context.clock, log, random: context.random },
  );
}

/** The environment stays what it was; a file may hold another password by now. */
function rereading({ environment, readFile }: CliContext): Readonly<{ rereadUrl?: () => string }> {
  if (environment['DATABASE_URL_FILE'] === undefined) return {};
  return { rereadUrl: () => loadConfig(environment, ['database'], readFile).values.DATABASE_URL };
}

/** Opens the database, hands it to `work`, and closes it whatever happens. */
export async function withMirror<Result>(
  config: Config,
  log: Log,
  context: CliContext,
  work: (mirror: Database) => Promise<Result>,
): Promise<Result> {
  const mirror = await openMirror(config, log, context);
  try {
    return await work(mirror);
  } finally {
    await mirror.close();
  }
}
