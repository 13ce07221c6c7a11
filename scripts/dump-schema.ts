import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase } from '../src/postgres/create-database.ts';
import type { RawPool, RawResult } from '../src/postgres/guard-pool.ts';
import { createPglitePool } from '../src/postgres/pglite-pool.ts';

const file = join(import.meta.dirname, '..', 'docs', 'schema.sql');
const HEADER = `-- What the migrations make, read from the catalogue of a database: npm run schema.
-- Where the server has lz4, storage of confluence_page_bodies is compressed with it.
`;

/** The tables as a fresh embedded database has them; its text does not depend on the server's version. */
async function dumpSchema(): Promise<string> {
  const pool = await createPglitePool(null);
  const nothing = (): void => undefined;
  const parts = {
    clock: { now: () => new Date(), monotonicMs: () => performance.now(), sleep: () => Promise.resolve() },
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    random: Math.random,
  };
  const settings = { kind: 'pglite', schema: 'public', patience: { workingMs: 0, openingMs: 0 } } as const;
  const database = await createDatabase(pool, settings, parts);
  try {
    await database.migrator.up();
    return `${HEADER}\n${(await readTables(pool)).join('\n')}`;
  } finally {
    await database.close();
  }
}

async function readTables(pool: RawPool): Promise<readonly string[]> {
  const tables = await ask(
    pool,
    `select c.oid::text as value from pg_class c join pg_namespace n on n.oid = relnamespace
    where nspname = 'public' and relkind = 'r' order by c.oid`,
  );
  const statements: string[] = [];
  for (const table of tables) statements.push(await readTable(pool, table));
  return statements;
}

async function readTable(pool: RawPool, table: string): Promise<string> {
  const [name = ''] = await ask(pool, `select relname as value from pg_class where oid = ${table}`);
  const columns = await ask(pool, COLUMNS.replaceAll(':table', table));
  const constraints = await ask(pool, CONSTRAINTS.replaceAll(':table', table));
  const indexes = await ask(pool, INDEXES.replaceAll(':table', table));
  const comments = await ask(pool, COMMENTS.replaceAll(':table', table));
  const lines = [...columns, ...constraints].map((line) => `  ${line}`).join(',\n');
  return [`CREATE TABLE ${name} (\n${lines}\n);`, ...indexes, ...comments, ''].join('\n');
}

const COLUMNS = `select concat_ws(' ', attname, format_type(atttypid, atttypmod),
    (select 'COLLATE "' || collname || '"' from pg_collation c where c.oid = attcollation and collname <> 'default'),
    case when attnotnull then 'NOT NULL' end,
    case when attidentity = 'a' then 'GENERATED ALWAYS AS IDENTITY' end,
    'DEFAULT ' || pg_get_expr(adbin, adrelid)) as value
  from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where attrelid = :table and attnum > 0 and not attisdropped order by attnum`;

/** Since PostgreSQL 18 a NOT NULL is a constraint with a name too; it stands with its column. */
const CONSTRAINTS = `select 'CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid) as value
  from pg_constraint where conrelid = :table and contype <> 'n' order by contype desc, conname`;

const INDEXES = `select replace(pg_get_indexdef(indexrelid), ' ON public.', ' ON ') || ';' as value
  from pg_index join pg_class on pg_class.oid = indexrelid
  where indrelid = :table and not exists (select 1 from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))
  order by relname`;

const COMMENTS = `select 'COMMENT ON TABLE ' || relname || ' IS ' || quote_literal(obj_description(oid, 'pg_class')) || ';' as value
  from pg_class where oid = :table and obj_description(oid, 'pg_class') is not null`;

async function ask(pool: RawPool, question: string): Promise<readonly string[]> {
  const client = await pool.connect();
  try {
    const [result] = (await client.query(question, [])) as readonly RawResult[];
    return ((result?.rows ?? []) as readonly { value: string }[]).map(({ value }) => value);
  } finally {
    client.release(false);
  }
}

function check(made: string): void {
  const kept = readFileSync(file, 'utf8').split('\n');
  const lines = made.split('\n');
  const differences = [...kept.keys(), ...lines.keys()].filter((line) => kept[line] !== lines[line]);
  const first = differences.length === 0 ? null : Math.min(...differences);
  if (first === null) return;
  console.error(`docs/schema.sql differs from what the migrations make, from line ${first + 1}:`);
  console.error(
    `- ${kept[first] ?? '(end)'}\n+ ${lines[first] ?? '(end)'}\nnpm run schema brings it up to date`,
  );
  process.exitCode = 1;
}

const schema = await dumpSchema();
if (process.argv.includes('--check')) check(schema);
else writeFileSync(file, schema);
