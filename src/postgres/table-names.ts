import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Tables } from './tables.ts';

/** The tables' full names for statements that kysely cannot build. */
export type TableNames = (table: keyof Tables) => RawBuilder<unknown>;

/** Qualifies table names with the configured schema. */
export function createTableNames(schema: string): TableNames {
  return (table) => sql.id(schema, table);
}
