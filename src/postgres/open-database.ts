import type { LeaseGrant } from '../sync/store.ts';
import { createAddressBook } from './address-book.ts';
import { connectDatabase } from './connect-database.ts';
import { createDatabase } from './create-database.ts';
import type { Database, DatabaseParts } from './create-database.ts';
import { createFeedListener } from './feed-listener.ts';
import type { Retention } from './retention.ts';
import { checkSchemaName, parseDatabaseAddress } from './database-address.ts';

export type { Database, DatabaseParts } from './create-database.ts';

/** Where the database is and how much of it to use. `patienceMs`: how long a lost connection is tried again. */
export type DatabaseSettings = Readonly<{
  url: string;
  schema: string;
  poolMax: number;
  patienceMs?: number;
  /** Reads `url` again where it came from, for the case that the server refuses the password. */
  rereadUrl?: () => string;
  /** All is kept without it. */
  retention?: Retention;
}>;

const WORKING_PATIENCE_MS = 60_000;
const OPENING_PATIENCE_MS = 10_000;

/**
 * Connects to the database that `url` names and proves that it can be worked with; makes no tables. Throws
 * `DatabaseUnavailable` when it does not answer, `WrongConfiguration` for a wrong address, password, encoding or version,
 * and `LeaseTaken` when another process has the folder of an embedded database open.
 */
export async function openDatabase(settings: DatabaseSettings, parts: DatabaseParts): Promise<Database> {
  const { schema, poolMax, retention, patienceMs: workingMs = WORKING_PATIENCE_MS } = settings;
  checkSchemaName(schema);
  const address = parseDatabaseAddress(settings.url);
  const book =
    address.kind === 'postgresql'
      ? createAddressBook(address.url, settings.rereadUrl ?? null, parts.log)
      : undefined;
  const pool = await connectDatabase(address, poolMax, parts.log, book);
  const patience = { workingMs, openingMs: Math.min(workingMs, OPENING_PATIENCE_MS) };
  const options = {
    ...{ kind: address.kind, schema, patience },
    ...(retention !== undefined && { retention }),
    ...(address.kind === 'postgresql' && { listen: createFeedListener(address.url, parts, book) }),
  };
  return provingFirst(await createDatabase(pool, options, parts));
}

/** Tables change under a worker that lives for months: each run proves them before it begins to write. */
function provingFirst(database: Database): Database {
  const acquire = async (): Promise<LeaseGrant> => {
    await database.check();
    return await database.lease.acquire();
  };
  return { ...database, lease: { acquire } };
}
