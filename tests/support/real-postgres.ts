import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '../../src/postgres/open-database.ts';
import { databaseParts } from './database-parts.ts';
import { startPooler } from './pooler.ts';
import { startCluster } from './real-postgres-cluster.ts';

/** A database of a test's own, with our tables in it. */
export type TestDatabase = Readonly<{ url: string; drop: () => Promise<void> }>;

/** One on a server. With TEST_POOLER set `url` leads through a pooler in transaction mode; `direct` never does. */
export type ServerDatabase = TestDatabase & Readonly<{ direct: string }>;

/** The server for tests: TEST_DATABASE_URL, else one that the first to ask starts for the whole test run. */
export async function realPostgres(): Promise<string> {
  return (await addresses()).direct;
}

type Addresses = Readonly<{ direct: string; pooled: string }>;

async function addresses(): Promise<Addresses> {
  const home = process.env['TEST_POSTGRES_HOME'];
  if (home === undefined) throw new Error('TEST_POSTGRES_HOME is not set: run the tests through jest');
  const ready = join(home, 'url');
  if (!existsSync(ready)) await startOrWait(home, ready);
  const [direct = '', pooled = direct] = readFileSync(ready, 'utf8').split('\n');
  return { direct, pooled };
}

/** Clones the migrated template, or makes an empty database. */
export async function createTestDatabase(
  options: Readonly<{ empty?: boolean }> = {},
): Promise<ServerDatabase> {
  const { direct: server, pooled } = await addresses();
  const name = `confluence_sync_${randomUUID().replaceAll('-', '')}`;
  const template = options.empty === true ? 'template0' : templateName();
  await administer(server, `create database ${name} template ${template}`);
  return {
    url: withDatabase(pooled, name),
    direct: withDatabase(server, name),
    drop: () => administer(server, `drop database ${name} with (force)`),
  };
}

/** Runs statements on the server as its administrator, on a connection of their own. */
export async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Leaves nothing of a test run on a server that is not ours. */
export async function dropTemplate(): Promise<void> {
  const given = process.env['TEST_DATABASE_URL'];
  const home = process.env['TEST_POSTGRES_HOME'];
  if (given === undefined || home === undefined || !existsSync(join(home, 'url'))) return;
  await administer(given, `drop database if exists ${templateName()} with (force)`);
}

async function startOrWait(home: string, ready: string): Promise<void> {
  const isFirst = mkdirSync(home, { recursive: true }) !== undefined;
  if (isFirst) return start(home, ready);
  const failed = join(home, 'failed');
  for (let waitedMs = 0; !existsSync(ready); waitedMs += 50) {
    if (existsSync(failed)) throw new Error(`no PostgreSQL for the tests: ${readFileSync(failed, 'utf8')}`);
    if (waitedMs > 120_000) throw new Error(`no PostgreSQL for the tests after two minutes: see ${home}`);
    await setTimeout(50);
  }
}

async function start(home: string, ready: string): Promise<void> {
  try {
    const given = process.env['TEST_DATABASE_URL'];
    const url = given ?? (await startCluster(home)).url;
    await makeTemplate(url);
    const pooled = process.env['TEST_POOLER'] !== undefined ? [await startPooler(home, url)] : [];
    writeFileSync(`${ready}.new`, [url, ...pooled].join('\n'));
    renameSync(`${ready}.new`, ready);
  } catch (error) {
    writeFileSync(join(home, 'failed'), error instanceof Error ? error.message : 'unknown');
    throw error;
  }
}

async function makeTemplate(url: string): Promise<void> {
  const name = templateName();
  await administer(url, `drop database if exists ${name} with (force)`);
  await administer(url, `create database ${name} template template0 encoding 'UTF8'`);
  const database = await openDatabase(
    { url: withDatabase(url, name), schema: 'public', poolMax: 1 },
    databaseParts,
  );
  await database.migrator.up();
  await database.close();
}

/** The number of the test run is in the name: on a server that is not ours, others may be at work. */
function templateName(): string {
  return `confluence_sync_template_${(process.env['TEST_POSTGRES_HOME'] ?? '').split('-').at(-1) ?? ''}`;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
