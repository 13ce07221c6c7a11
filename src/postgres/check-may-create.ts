import { sql } from 'kysely';
import { WrongConfiguration } from '../sync/errors.ts';
import type { Tx } from './transactions.ts';

/** Throws `WrongConfiguration` with the missing GRANT unless our role may make the tables. Since PostgreSQL 15 few may in `public`. */
export async function checkMayCreate(tx: Tx, schema: string): Promise<void> {
  const { rows } = await sql<{ role: string; database: string; exists: boolean; may: boolean }>`
    select quote_ident(current_user) as role, quote_ident(current_database()) as database, n.oid is not null as exists,
      case when n.oid is not null then has_schema_privilege(n.oid, 'CREATE')
        else has_database_privilege(current_database(), 'CREATE') end as may
    from (values (${schema}::text)) as wanted (name) left join pg_namespace n on n.nspname = wanted.name`.execute(
    tx,
  );
  const [found] = rows;
  if (found === undefined || found.may) return;
  const place = found.exists ? `SCHEMA ${schema}` : `DATABASE ${found.database}`;
  throw new WrongConfiguration(
    `there are no tables yet and this role may not make them: GRANT CREATE ON ${place} TO ${found.role}, or let an owner run confluence-sync migrate`,
  );
}
