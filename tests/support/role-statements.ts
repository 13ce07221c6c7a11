import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The statements of the operations guide, for roles and a schema of a test's own. */
export type RoleStatements = Readonly<{
  roles: Readonly<{ owner: string; writer: string; reader: string }>;
  /** Makes the roles, with the password `test`. */
  createRoles: string;
  /** The whole first part: roles, schema, and nothing for everybody else. */
  prepare: string;
  grant: string;
  /** Once the database is gone: what they may do goes with it. */
  dropRoles: string;
}>;

const guide = join(import.meta.dirname, '..', '..', 'docs', 'OPERATIONS.md');

/** Reads them as a person would copy them. Roles belong to the whole server, so `suffix` keeps them apart. */
export function roleStatements(suffix: string, schema: string): RoleStatements {
  const parts = [...readFileSync(guide, 'utf8').matchAll(/^```sql\n([^`]+)^```/gm)].map(
    ([, part = '']) => part,
  );
  const [prepare, grant] = parts.map((part) =>
    part
      .replaceAll(/confluence_(owner|writer|reader)/g, `$1_${suffix}`)
      .replaceAll(/(SCHEMA )confluence\b/g, `$1${schema}`)
      .replaceAll('confluence.', `${schema}.`)
      .replaceAll('change-me', 'test'),
  );
  if (prepare === undefined || grant === undefined) throw new Error(`${guide} holds no statements for roles`);
  const roles = { owner: `owner_${suffix}`, writer: `writer_${suffix}`, reader: `reader_${suffix}` };
  return {
    ...{ roles, prepare, grant },
    createRoles: (prepare.match(/^CREATE ROLE .+$/gm) ?? []).join('\n'),
    dropRoles: `drop role ${Object.values(roles).join(', ')}`,
  };
}

/** The address for another role. */
export function asRole(url: string, role: string): string {
  const changed = new URL(url);
  changed.username = role;
  changed.password = 'test';
  return changed.href;
}
