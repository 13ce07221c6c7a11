import type { RawPool } from '../../src/postgres/guard-pool.ts';
import { queryRaw } from './pglite-store.ts';

/**
 * All that a schema holds, a line each, as the server's catalogue describes it: relations, columns, constraints, indexes, triggers,
 * functions, types, and the names of the migrations. Two schemas of one make have the same lines.
 */
export async function catalogOf(pool: RawPool, schema: string): Promise<readonly string[]> {
  const rows = await queryRaw(pool, CATALOG.replaceAll(':schema', `'${schema}'`));
  const applied = await queryRaw(pool, `select name from ${schema}.confluence_sync_migrations order by name`);
  const state = await queryRaw(pool, `select * from ${schema}.confluence_sync_state`);
  return [
    ...rows.map(({ line }) => String(line).replaceAll(`${schema}.`, '')),
    ...applied.map(({ name }) => `migration ${String(name)}`),
    ...state.map((row) => `state ${JSON.stringify(row)}`),
  ];
}

const CATALOG = `
  with relation as (
    select c.* from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = :schema
  )
  select line from (
    select concat_ws(' ', 'relation', relname, relkind, reloptions::text, relrowsecurity, relreplident,
      quote_literal(obj_description(oid, 'pg_class'))) as line from relation
    union all
    select concat_ws(' ', 'column', relname, attnum, attname, format_type(atttypid, atttypmod), attcollation::regcollation,
      attnotnull, attidentity, attstorage, attcompression, attisdropped, pg_get_expr(adbin, adrelid),
      quote_literal(col_description(attrelid, attnum)))
    from pg_attribute join relation on relation.oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attnum > 0
    union all
    select concat_ws(' ', 'constraint', relname, conname, convalidated, pg_get_constraintdef(pg_constraint.oid))
    from pg_constraint join relation on relation.oid = conrelid
    union all
    select concat_ws(' ', 'index', pg_get_indexdef(indexrelid), indisvalid, indisready)
    from pg_index join relation on relation.oid = indexrelid
    union all
    select concat_ws(' ', 'trigger', relname, pg_get_triggerdef(pg_trigger.oid))
    from pg_trigger join relation on relation.oid = tgrelid where not tgisinternal
    union all
    select concat_ws(' ', 'function', proname, md5(prosrc))
    from pg_proc join pg_namespace n on n.oid = pronamespace where nspname = :schema
    union all
    select concat_ws(' ', 'type', typname, typtype)
    from pg_type join pg_namespace n on n.oid = typnamespace where nspname = :schema
  ) as described order by line collate "C"`;
