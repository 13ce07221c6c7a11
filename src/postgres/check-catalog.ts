import { sql } from 'kysely';
import { WrongConfiguration } from '../sync/errors.ts';
import { expectedCatalog } from './expected-catalog.ts';
import { findColumnFaults } from './find-column-faults.ts';
import { findKeyFaults } from './find-key-faults.ts';
import { findMissingGrants } from './find-missing-grants.ts';
import { findRefusals } from './find-refusals.ts';
import type { Retention } from './retention.ts';
import { createTableNames } from './table-names.ts';
import type { Tx } from './transactions.ts';

/**
 * Compares the tables and our privileges on them with what the program needs. Throws `WrongConfiguration` that names every
 * difference, with the statement that mends it where there is one.
 */
export async function checkCatalog(tx: Tx, schema: string, retention: Retention): Promise<void> {
  // A role's default may put every name in quotes, in the catalogue's own words too.
  await sql`set local quote_all_identifiers = off`.execute(tx);
  const problems = [
    ...(await findColumnFaults(tx, schema)),
    ...(await findKeyFaults(tx, schema)),
    ...(await findLateConstraints(tx, schema)),
    ...(await findHiddenRows(tx, schema)),
    ...(await findMissingGrants(tx, schema, retention)),
  ];
  // Whoever may not read the tables, or finds others, could not try them.
  if (problems.length === 0) problems.push(...(await findStateFaults(tx, schema)));
  if (problems.length === 0) problems.push(...(await findRefusals(tx, schema)));
  if (problems.length === 0) return;
  throw new WrongConfiguration(
    `the schema "${schema}" is not as this program needs it: ${problems.join('; ')}`,
  );
}

/** A constraint that is checked at COMMIT costs the whole batch: no savepoint can tell which page it was. */
async function findLateConstraints(tx: Tx, schema: string): Promise<readonly string[]> {
  const tables = Object.keys(expectedCatalog);
  const { rows } = await sql<{ table: string; name: string }>`
    select c.relname as table, x.conname as name
    from pg_constraint x join pg_class c on c.oid = x.conrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relname = any (${tables}::text[]) and x.condeferrable
    order by 1, 2`.execute(tx);
  return rows.map(({ table, name }) => `constraint ${name} on ${table} is deferrable`);
}

/** A table some rows of which we cannot see would be filled again and again. */
async function findHiddenRows(tx: Tx, schema: string): Promise<readonly string[]> {
  const tables = Object.keys(expectedCatalog);
  const { rows } = await sql<{ table: string }>`
    select c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relname = any (${tables}::text[]) and row_security_active(c.oid) order by 1`.execute(
    tx,
  );
  return rows.map(({ table }) => `row level security may hide rows of ${table} from this role`);
}

/** Without its one row nobody could ever take the lease. */
async function findStateFaults(tx: Tx, schema: string): Promise<readonly string[]> {
  const state = createTableNames(schema)('confluence_sync_state');
  const { rows } = await sql`select 1 from ${state}`.execute(tx);
  if (rows.length === 1) return [];
  return [
    `the one row of confluence_sync_state is missing: INSERT INTO ${schema}.confluence_sync_state (only_row) VALUES (true)`,
  ];
}
