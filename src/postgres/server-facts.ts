import { sql } from 'kysely';
import { WrongConfiguration } from '../sync/errors.ts';
import type { Tx } from './transactions.ts';

/** What is proved of the server before anything is done with it. */
export type ServerFacts = Readonly<{ version: string }>;

/** PostgreSQL 13 brought `gen_random_uuid`. */
const OLDEST_SERVER = 130_000;

/** Asks the server who it is. Throws `WrongConfiguration` where it is too old, or keeps text in anything but UTF-8. */
export async function readServerFacts(tx: Tx): Promise<ServerFacts> {
  const { rows } = await sql<{ version: string; number: number; encoding: string }>`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
      current_setting('server_encoding') as encoding`.execute(tx);
  const facts = rows[0] ?? { version: 'unknown', number: 0, encoding: 'unknown' };
  if (facts.encoding !== 'UTF8') {
    throw new WrongConfiguration(
      `the database keeps text as ${facts.encoding}: create one with encoding UTF8`,
    );
  }
  if (facts.number < OLDEST_SERVER) {
    throw new WrongConfiguration(`PostgreSQL ${facts.version} is too old: 13 is the oldest that works`);
  }
  return { version: facts.version };
}
