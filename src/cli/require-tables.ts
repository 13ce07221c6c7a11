import type { Database } from '../postgres/open-database.ts';
import { WrongConfiguration } from '../sync/errors.ts';

/** Throws where the database has none of our tables yet, or tables that another version of this program reads. */
export async function requireTables(mirror: Database): Promise<void> {
  const { applied, pending, unknown } = await mirror.migrator.status();
  refuseNewer(unknown);
  if (applied.length === 0)
    throw new WrongConfiguration(
      'the database holds no mirror yet: run confluence-sync sync, or migrate to make the tables',
    );
  if (pending.length > 0)
    throw new WrongConfiguration(
      `the tables are older than this program (${pending.length} migrations pending): run confluence-sync migrate`,
    );
}

/** Throws where a newer program changed the tables: what they mean to it is not known here. */
export function refuseNewer(unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  throw new WrongConfiguration(
    `the tables are newer than this program (${unknown.join(', ')}): run the newer version; nothing was read or written`,
  );
}
