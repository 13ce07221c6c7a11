import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openDatabase } from '../../src/postgres/open-database.ts';
import { databaseParts } from './database-parts.ts';

/** What it says, a line each. */
export type MigrateWord = 'ready' | 'done';

/** A process that opens the database, says `ready`, and migrates at the next line that it reads. */
const { DATABASE_URL: url = '', DATABASE_SCHEMA: schema = '' } = process.env;
const lines = createInterface({ input: process.stdin });
const database = await openDatabase({ url, schema, poolMax: 1 }, databaseParts);
say('ready');
await once(lines, 'line');
await database.migrator.up();
say('done');
await database.close();
lines.close();

function say(word: MigrateWord): void {
  process.stdout.write(`${word}\n`);
}
