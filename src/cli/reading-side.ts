import type { Database } from '../postgres/open-database.ts';
import type { PageReader } from '../sync/store.ts';
import { refuseNewer } from './require-tables.ts';

/** The mirror as a dry run sees it: a database without our tables is an empty mirror, and stays as it is. */
export async function readingSide(mirror: Database): Promise<PageReader> {
  const { applied, unknown } = await mirror.migrator.status();
  refuseNewer(unknown);
  return applied.length === 0 ? EMPTY : mirror.reader;
}

const EMPTY: PageReader = {
  known: () => Promise.resolve([]),
  spaces: () => Promise.resolve([]),
  site: () => Promise.resolve(null),
  failedIds: () => Promise.resolve([]),
  staleHashes: () => Promise.resolve([]),
};
