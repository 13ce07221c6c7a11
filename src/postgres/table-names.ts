import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Tables } from './tables.ts';

/** The full names of tables, and of indexes that a migration takes back, for statements that kysely cannot build. */
export type TableNames = (
  name: keyof Tables | 'confluence_pages_gone' | 'confluence_pages_by_status',
) => RawBuilder<unknown>;

/** Qualifies names with the configured schema. */
export function createTableNames(schema: string): TableNames {
  return (name) => sql.id(schema, name);
}
