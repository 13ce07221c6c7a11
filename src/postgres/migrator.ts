import { sql } from 'kysely';
import { WrongConfiguration } from '../sync/errors.ts';
import { takeWritersLock } from './fence.ts';
import type { Migration } from './migrations/migration.ts';
import type { TableNames } from './table-names.ts';
import type { Transactions, Tx } from './transactions.ts';

/** Which migrations the database has; `unknown` ones came from a newer program. */
export type MigrationStatus = Readonly<{ applied: string[]; pending: string[]; unknown: string[] }>;

/** Brings the schema up or down, one transaction a step, safe against others who do the same. */
export interface Migrator {
  status(): Promise<MigrationStatus>;
  /** Applies what is pending, up to and with `to`; returns the names. Throws `WrongConfiguration` on a newer schema. */
  up(to?: string): Promise<readonly string[]>;
  /** Undoes the latest step, or every step after `to`; returns the names. All rows of dropped tables are gone. */
  down(to?: string): Promise<readonly string[]>;
}

type MigratorParts = Readonly<{
  transactions: Transactions;
  schema: string;
  names: TableNames;
  migrations: readonly Migration[];
}>;

/**
 * A migrator of our own: kysely's holds a lock of the session, which a pooler in transaction mode hands to strangers. This one
 * holds the writers' lock for each step, so that a step also waits for a batch that is being written.
 */
export function createMigrator(parts: MigratorParts): Migrator {
  return {
    status: () => parts.transactions.run((tx) => readStatus(tx, parts)),
    up: (to) => eachStep(parts, (tx) => stepUp(tx, parts, to)),
    down: async (to) => {
      const step = (tx: Tx): Promise<string | null> => stepDown(tx, parts, to);
      if (to !== undefined) return eachStep(parts, step);
      const name = await parts.transactions.run((tx) => locked(tx, parts, step));
      return name === null ? [] : [name];
    },
  };
}

async function eachStep(
  parts: MigratorParts,
  step: (tx: Tx) => Promise<string | null>,
): Promise<readonly string[]> {
  const done: string[] = [];
  for (;;) {
    const name = await parts.transactions.run((tx) => locked(tx, parts, step));
    if (name === null) return done;
    done.push(name);
  }
}

async function locked<T>(tx: Tx, parts: MigratorParts, step: (tx: Tx) => Promise<T>): Promise<T> {
  await takeWritersLock(tx, parts.schema);
  // A step may rewrite a large table.
  await sql`set local statement_timeout = 0`.execute(tx);
  return step(tx);
}

async function stepUp(tx: Tx, parts: MigratorParts, to: string | undefined): Promise<string | null> {
  const status = await readStatus(tx, parts);
  if (status.unknown.length > 0) throw newerSchema(parts.schema, status.unknown);
  const last = to === undefined ? undefined : indexOf(parts, to);
  const next = parts.migrations.find(
    ({ name }, index) => status.pending.includes(name) && index <= (last ?? index),
  );
  if (next === undefined) return null;
  await prepareSchema(tx, parts);
  await next.up(tx, parts.names);
  await sql`insert into ${parts.names('confluence_sync_migrations')} (name) values (${next.name})`.execute(
    tx,
  );
  return next.name;
}

async function stepDown(tx: Tx, parts: MigratorParts, to: string | undefined): Promise<string | null> {
  const status = await readStatus(tx, parts);
  if (status.unknown.length > 0) throw newerSchema(parts.schema, status.unknown);
  const first = to === undefined ? 0 : indexOf(parts, to) + 1;
  const latest = parts.migrations.findLast(
    ({ name }, index) => status.applied.includes(name) && index >= first,
  );
  if (latest === undefined) return null;
  await latest.down(tx, parts.names);
  await sql`delete from ${parts.names('confluence_sync_migrations')} where name = ${latest.name}`.execute(tx);
  return latest.name;
}

/** Throws `WrongConfiguration` for a migration that this program does not know. */
function indexOf(parts: MigratorParts, name: string): number {
  const index = parts.migrations.findIndex((migration) => migration.name === name);
  if (index >= 0) return index;
  const known = parts.migrations.map((migration) => migration.name).join(', ');
  throw new WrongConfiguration(`there is no migration "${name}"; there are: ${known}`);
}

/** The error for a database that a newer version of this program has migrated. */
export function newerSchema(schema: string, unknown: readonly string[]): WrongConfiguration {
  return new WrongConfiguration(
    `the schema "${schema}" is newer than this program (${unknown.join(', ')}): run the newer version, nothing was written`,
  );
}

async function readStatus(tx: Tx, parts: MigratorParts): Promise<MigrationStatus> {
  const names = parts.migrations.map((migration) => migration.name);
  const applied = await readApplied(tx, parts);
  return {
    applied: names.filter((name) => applied.includes(name)),
    pending: names.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !names.includes(name)),
  };
}

async function readApplied(tx: Tx, parts: MigratorParts): Promise<readonly string[]> {
  if (!(await tableExists(tx, parts))) return [];
  const { rows } = await sql<{ name: string }>`
    select name from ${parts.names('confluence_sync_migrations')} order by name`.execute(tx);
  return rows.map(({ name }) => name);
}

/** Looks before it creates: "if not exists" asks for the privilege to create even where everything exists. */
async function prepareSchema(tx: Tx, parts: MigratorParts): Promise<void> {
  const { rows } = await sql`select 1 from pg_namespace where nspname = ${parts.schema}`.execute(tx);
  if (rows.length === 0) await sql`create schema ${sql.id(parts.schema)}`.execute(tx);
  if (await tableExists(tx, parts)) return;
  await sql`create table ${parts.names('confluence_sync_migrations')} (
    name text collate "C" primary key,
    applied_at timestamptz not null default statement_timestamp()
  )`.execute(tx);
}

async function tableExists(tx: Tx, parts: MigratorParts): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = ${parts.schema} and relname = 'confluence_sync_migrations'`.execute(tx);
  return rows.length > 0;
}
