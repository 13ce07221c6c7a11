import { sql } from 'kysely';
import { expectedCatalog } from './expected-catalog.ts';
import type { Retention } from './retention.ts';
import type { Tx } from './transactions.ts';

/** The GRANTs that our role lacks for what this program does. */
export async function findMissingGrants(
  tx: Tx,
  schema: string,
  retention: Retention,
): Promise<readonly string[]> {
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
