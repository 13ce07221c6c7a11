import { sql } from 'kysely';
import { expectedCatalog } from './expected-catalog.ts';
import type { ExpectedIndex } from './expected-catalog.ts';
import type { Tx } from './transactions.ts';

type Index = Readonly<{
  table: string;
  isUnique: boolean;
  columns: readonly string[];
  condition: string | null;
}>;

/** Keys and indexes that are missing, whatever their names: rebuilt ones have others. */
export async function findKeyFaults(tx: Tx, schema: string): Promise<readonly string[]> {
  const indexes = await readIndexes(tx, schema);
  const present = await readTables(tx, schema);
  return Object.entries(expectedCatalog).flatMap(([table, { key, indexes: wanted = [] }]) => {
    if (!present.includes(table)) return [];
    const own = indexes.filter((index) => index.table === table);
    const isKept = own.some(
      ({ isUnique, columns, condition }) => isUnique && condition === null && columns.join() === key,
    );
    const missing = wanted.filter((index) => !own.some((other) => serves(other, index)));
    return [
      ...(isKept
        ? []
        : [`${table}.${key} is no key: ALTER TABLE ${schema}.${table} ADD PRIMARY KEY (${key})`]),
      ...missing.map((index) => `an index is missing: CREATE INDEX ON ${schema}.${table} ${shown(index)}`),
    ];
  });
}

/** Not those that a broken-off CREATE INDEX CONCURRENTLY left behind: they find, and keep unique, nothing. */
async function readIndexes(tx: Tx, schema: string): Promise<readonly Index[]> {
  const { rows } = await sql<Index>`
    select c.relname as table, i.indisunique as "isUnique", pg_get_expr(i.indpred, i.indrelid, true) as condition,
      (select jsonb_agg(pg_get_indexdef(i.indexrelid, k, true) order by k)
        from generate_series(1, i.indnkeyatts::int) as k) as columns
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and i.indisvalid and i.indisready`.execute(tx);
  return rows;
}

async function readTables(tx: Tx, schema: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relkind in ('r', 'p')`.execute(tx);
  return rows.map(({ name }) => name);
}

function serves({ columns, condition }: Index, wanted: ExpectedIndex): boolean {
  return (
    condition === (wanted.where ?? null) && wanted.on.every((column, place) => columns[place] === column)
  );
}

function shown({ on, where }: ExpectedIndex): string {
  return `(${on.join(', ')})${where === undefined ? '' : ` WHERE ${where}`}`;
}
