import type { Database } from '../postgres/open-database.ts';
import { WrongConfiguration } from '../sync/errors.ts';

/** Throws where the database has none of our tables yet. */
export async function requireTables(mirror: Database): Promise<void> {
  const { applied, pending } = await mirror.migrator.status();
  if (applied.length === 0)
    throw new WrongConfiguration(
      'the database holds no mirror yet: run confluence-sync sync, or migrate to make the tables',
    );
  if (pending.length > 0)
    throw new WrongConfiguration(
      `the tables are older than this program (${pending.length} migrations pending): run confluence-sync migrate`,
    );
}
