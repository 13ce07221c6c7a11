import { sql } from 'kysely';
import { WrongConfiguration } from '../sync/errors.ts';
import { expectedCatalog } from './expected-catalog.ts';
import type { ExpectedTable } from './expected-catalog.ts';
import type { Retention } from './retention.ts';
import type { Tx } from './transactions.ts';

type Column = Readonly<{
  table: string;
  name: string;
  type: string;
  nullable: boolean;
  has_default: boolean;
}>;

/**
 * Compares the tables and our privileges on them with what the program needs. Throws `WrongConfiguration` that names every
 * difference and the missing GRANTs.
 */
export async function checkCatalog(tx: Tx, schema: string, retention: Retention): Promise<void> {
  const columns = await readColumns(tx, schema);
  const differences = Object.entries(expectedCatalog).flatMap(([table, expected]) =>
    tableDifferences(
      table,
      expected,
      columns.filter((column) => column.table === table),
    ),
  );
  const problems = [
    ...differences,
    ...(await deferredConstraints(tx, schema)),
    ...(await missingGrants(tx, schema, retention)),
  ];
  if (problems.length === 0) return;
  throw new WrongConfiguration(
    `the schema "${schema}" is not as this program needs it: ${problems.join('; ')}`,
  );
}

async function readColumns(tx: Tx, schema: string): Promise<readonly Column[]> {
  const { rows } = await sql<Column>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      not a.attnotnull as nullable, (a.atthasdef or a.attidentity <> '') as has_default
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`.execute(
    tx,
  );
  return rows;
}

function tableDifferences(
  table: string,
  expected: ExpectedTable,
  columns: readonly Column[],
): readonly string[] {
  if (columns.length === 0) return [`table ${table} is missing`];
  const found = new Map(columns.map((column) => [column.name, column]));
  const wrong = Object.entries(expected.columns).flatMap(([name, { type, nullable }]) => {
    const column = found.get(name);
    if (column === undefined) return [`column ${table}.${name} is missing`];
    if (column.type !== type) return [`column ${table}.${name} is ${column.type}, not ${type}`];
    if (column.nullable !== nullable)
      return [`column ${table}.${name} is ${nullable ? 'not null' : 'nullable'}`];
    return [];
  });
  const extra = columns.filter(({ name, nullable, has_default }) => {
    return !(name in expected.columns) && !nullable && !has_default;
  });
  return [
    ...wrong,
    ...extra.map(({ name }) => `column ${table}.${name} is not ours, not null and without default`),
  ];
}

/** A constraint that is checked at COMMIT costs the whole batch: no savepoint can tell which page it was. */
async function deferredConstraints(tx: Tx, schema: string): Promise<readonly string[]> {
  const tables = Object.keys(expectedCatalog);
  const { rows } = await sql<{ table: string; name: string }>`
    select c.relname as table, x.conname as name
    from pg_constraint x join pg_class c on c.oid = x.conrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relname = any (${tables}::text[]) and x.condeferrable
    order by 1, 2`.execute(tx);
  return rows.map(({ table, name }) => `constraint ${name} on ${table} is deferrable`);
}

async function missingGrants(tx: Tx, schema: string, retention: Retention): Promise<readonly string[]> {
  const needed = Object.entries(expectedCatalog).flatMap(([table, { privileges }]) =>
    privileges.map((privilege): { table: string; privilege: string } => ({ table, privilege })),
  );
  if (retention.changesKeepDays !== null)
    needed.push({ table: 'confluence_page_changes', privilege: 'DELETE' });
  const { rows } = await sql<{ name: string; privileges: string; role: string }>`
    select n.table_name as name, string_agg(n.privilege, ', ' order by n.position) as privileges,
      quote_ident(current_user) as role
    from unnest(${needed.map(({ table }) => table)}::text[], ${needed.map(({ privilege }) => privilege)}::text[])
      with ordinality as n (table_name, privilege, position)
    join pg_class c on c.relname = n.table_name join pg_namespace s on s.oid = c.relnamespace and s.nspname = ${schema}
    where not has_table_privilege(c.oid, n.privilege)
    group by n.table_name order by n.table_name`.execute(tx);
  const usage = await sql<{ role: string }>`select quote_ident(current_user) as role from pg_namespace
    where nspname = ${schema} and not has_schema_privilege(oid, 'USAGE')`.execute(tx);
  return [
    ...usage.rows.map(({ role }) => `missing: GRANT USAGE ON SCHEMA ${schema} TO ${role}`),
    ...rows.map(
      ({ name, privileges, role }) => `missing: GRANT ${privileges} ON ${schema}.${name} TO ${role}`,
    ),
  ];
}
