import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Changes whenever an embedded database was written to, or opened and closed. Looks only at the write-ahead log, without the
 * folder's lock, so that others can work meanwhile. Empty where there is no database.
 */
export async function folderStamp(folder: string): Promise<string> {
  const log = join(folder, 'pg_wal');
  const names = await orNothing(readdir(log));
  const stamps: string[] = [];
  for (const name of names?.toSorted() ?? []) {
    const facts = await orNothing(stat(join(log, name)));
    stamps.push(`${name} ${facts?.mtimeMs ?? 0}`);
  }
  return stamps.join(', ');
}

/** A file of the log may go while it is looked at. */
async function orNothing<T>(look: Promise<T>): Promise<T | null> {
  try {
    return await look;
  } catch {
    return null;
  }
}
