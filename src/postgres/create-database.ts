import { Kysely, PostgresDialect } from 'kysely';
import type { Clock, Log, Random } from '../sync/ambient.ts';
import { Interrupted, WrongConfiguration } from '../sync/errors.ts';
import type { Lease, PageReader, PageStore, RunJournal } from '../sync/store.ts';
import { checkCatalog } from './check-catalog.ts';
import { checkMayCreate } from './check-may-create.ts';
import type { Fence } from './fence.ts';
import { guardPool } from './guard-pool.ts';
import type { RawPool } from './guard-pool.ts';
import { createLease } from './lease.ts';
import { allMigrations } from './migrations/all-migrations.ts';
import { createMigrator, newerSchema } from './migrator.ts';
import type { Migrator } from './migrator.ts';
import { createPageReader } from './page-reader.ts';
import { createPageStore } from './page-store.ts';
import type { FeedListener } from './feed-listener.ts';
import { KEEP_ALL } from './retention.ts';
import type { Retention } from './retention.ts';
import { createQueries } from './queries/create-queries.ts';
import type { Queries } from './queries/create-queries.ts';
import { createRunJournal } from './run-journal.ts';
import { readServerFacts } from './server-facts.ts';
import { createTableNames } from './table-names.ts';
import type { Tables } from './tables.ts';
import { createTransactions } from './transactions.ts';
import type { Transactions } from './transactions.ts';

/** What the database takes from around it. */
export type DatabaseParts = Readonly<{ clock: Clock; log: Log; random: Random }>;

/** The mirror and everything around it, in one schema of one database. */
export interface Database {
  readonly store: PageStore;
  readonly reader: PageReader;
  readonly journal: RunJournal;
  readonly lease: Lease;
  readonly migrator: Migrator;
  readonly queries: Queries;
  describe(): Promise<DatabaseDescription>;
  /** Proves tables and privileges, changes nothing, says in a line what it found. Throws `WrongConfiguration`. */
  check(): Promise<string>;
  /** Wakes those who follow the feed. */
  readonly listen: FeedListener;
  /** Ends every wait and renewal, then the connections. Safe to call twice. */
  close(): Promise<void>;
}

/** Which database answers. */
export type DatabaseDescription = Readonly<{ kind: 'postgresql' | 'pglite'; version: string }>;

/** How long a lost connection is tried again: at work, and at the start, where a person waits for the answer. */
export type Patience = Readonly<{ workingMs: number; openingMs: number }>;

/** `retention`: all is kept without it; `listen`: nobody is woken without it. */
export type DatabaseOptions = Readonly<{
  kind: DatabaseDescription['kind'];
  schema: string;
  patience: Patience;
  retention?: Retention;
  listen?: FeedListener;
}>;

/**
 * The mirror over a driver's pool, which it ends when it is closed or cannot be opened. Proves that the server can be
 * worked with; makes no tables.
 */
export async function createDatabase(
  pool: RawPool,
  { kind, schema, patience, retention = KEEP_ALL, listen = hearNothing }: DatabaseOptions,
  parts: DatabaseParts,
): Promise<Database> {
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: guardPool(pool) }) });
  const closing = new AbortController();
  const around = { ...parts, database: kysely, closing: closing.signal };
  const close = closeOnce(closing, pool);
  try {
    const opening = createTransactions({ ...around, patienceMs: patience.openingMs });
    const { version } = await opening.run(readServerFacts);
    const transactions = createTransactions({ ...around, patienceMs: patience.workingMs });
    const description = { kind, version };
    return {
      ...furnish({ ...parts, schema, transactions, retention, closing: closing.signal, description }),
      listen,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function closeOnce(closing: AbortController, pool: RawPool): () => Promise<void> {
  let closed: Promise<void> | null = null;
  return () => {
    closing.abort(new Interrupted('the database is being closed'));
    // Not through kysely: it never ends a pool that it did not use.
    closed ??= pool.end();
    return closed;
  };
}

function hearNothing(): Promise<void> {
  return Promise.resolve();
}

type Furniture = DatabaseParts &
  Readonly<{
    schema: string;
    transactions: Transactions;
    retention: Retention;
    closing: AbortSignal;
    description: DatabaseDescription;
  }>;

function furnish(furniture: Furniture): Omit<Database, 'close' | 'listen'> {
  const { schema, transactions, retention, clock, log, closing, description } = furniture;
  const fence: Fence = { token: null, lastSeq: null, excused: new Set() };
  const names = createTableNames(schema);
  const shared = { transactions, schema, names, fence };
  const migrator = createMigrator({ transactions, schema, names, migrations: allMigrations });
  return {
    store: createPageStore(shared, retention),
    reader: createPageReader(shared),
    journal: createRunJournal(shared),
    lease: createLease({ ...shared, clock, log, closing }),
    migrator,
    queries: createQueries(shared),
    describe: () => Promise.resolve(description),
    check: () => check(furniture, migrator),
  };
}

async function check(
  { schema, transactions, retention, description: { kind, version } }: Furniture,
  migrator: Migrator,
): Promise<string> {
  const { applied, pending, unknown } = await migrator.status();
  const server = `${kind === 'pglite' ? 'embedded PostgreSQL' : 'PostgreSQL'} ${version}, schema ${schema}`;
  if (unknown.length > 0) throw newerSchema(schema, unknown);
  if (applied.length === 0) {
    await transactions.run((tx) => checkMayCreate(tx, schema));
    return `${server}: no tables yet, the first sync makes them`;
  }
  if (pending.length > 0) {
    throw new WrongConfiguration(
      `the schema "${schema}" lacks ${pending.join(', ')}: run confluence-sync migrate`,
    );
  }
  await transactions.run((tx) => checkCatalog(tx, schema, retention));
  return `${server}: tables and privileges are as they must be`;
}
