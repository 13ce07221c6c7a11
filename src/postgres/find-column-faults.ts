import { sql } from 'kysely';
import { expectedCatalog } from './expected-catalog.ts';
import type { ExpectedTable } from './expected-catalog.ts';
import type { Tx } from './transactions.ts';

type Column = Readonly<{
  table: string;
  name: string;
  type: string;
  nullable: boolean;
  filled: boolean;
  collation: string | null;
}>;

/** Tables and columns that are missing, or other than this program reads and writes them. */
export async function findColumnFaults(tx: Tx, schema: string): Promise<readonly string[]> {
  const columns = await readColumns(tx, schema);
  return Object.entries(expectedCatalog).flatMap(([table, expected]) =>
    tableFaults(
      table,
      expected,
      columns.filter((column) => column.table === table),
    ),
  );
}

async function readColumns(tx: Tx, schema: string): Promise<readonly Column[]> {
  const { rows } = await sql<Column>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      not a.attnotnull as nullable, (a.atthasdef or a.attidentity <> '') as filled, l.collname as collation
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      left join pg_collation l on l.oid = a.attcollation
    where n.nspname = ${schema} and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`.execute(
    tx,
  );
  return rows;
}

function tableFaults(table: string, expected: ExpectedTable, columns: readonly Column[]): readonly string[] {
  if (columns.length === 0) return [`table ${table} is missing`];
  const found = new Map(columns.map((column) => [column.name, column]));
  const wrong = Object.entries(expected.columns).flatMap(([name, wanted]) => {
    const fault = columnFault(wanted, found.get(name));
    return fault === null ? [] : [`column ${table}.${name} ${fault}`];
  });
  const extra = columns.filter(({ name, nullable, filled }) => {
    return !(name in expected.columns) && !nullable && !filled;
  });
  return [
    ...wrong,
    ...extra.map(({ name }) => `column ${table}.${name} is not ours, not null and without default`),
  ];
}

function columnFault(
  { type, nullable, fills, collation }: ExpectedTable['columns'][string],
  column: Column | undefined,
): string | null {
  if (column === undefined) return 'is missing';
  if (column.type !== type) return `is ${column.type}, not ${type}`;
  if (column.nullable !== nullable) return `is ${nullable ? 'not null' : 'nullable'}`;
  if (fills === true && !column.filled) return 'has no default';
  if (collation !== undefined && column.collation !== collation)
    return `has the collation ${column.collation ?? 'of nothing'}, not ${collation}`;
  return null;
}
