import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDatabase } from '../../../src/postgres/create-database.ts';
import type { Database } from '../../../src/postgres/create-database.ts';
import type { RawPool } from '../../../src/postgres/guard-pool.ts';
import { allMigrations } from '../../../src/postgres/migrations/all-migrations.ts';
import { createPostgresPool } from '../../../src/postgres/postgres-pool.ts';
import { createDice } from '../../../src/sample-site/dice.ts';
import { catalogOf } from '../../support/catalog-of.ts';
import { databaseParts } from '../../support/database-parts.ts';
import type { MigrateWord } from '../../support/migrate-child.ts';
import { queryRaw } from '../../support/pglite-store.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';

const NAMES = allMigrations.map(({ name }) => name);
const TRIPLES = 100;
/** `MIGRATION_KILLS=100` kills more. */
const KILLS = Number(process.env['MIGRATION_KILLS'] ?? 30);
const REPLICAS = 3;
/** Each statement of a migration waits for so long, that a moment in the midst of it is easily met. */
const STATEMENT_SECONDS = 0.002;

let database: TestDatabase;
let pools: RawPool[];
/** What one replica makes that is not disturbed. */
let clean: readonly string[];

beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  pools = Array.from({ length: REPLICAS }, () => createPostgresPool(database.url, 1, databaseParts.log));
  await (await replica(0, 'clean')).migrator.up();
  clean = await catalogOf(pool(0), 'clean');
  expect(clean.length).toBeGreaterThan(60);
});
afterAll(async () => {
  for (const one of pools) await one.end();
  await database.drop();
});

test(`D22 three replicas that migrate at the same moment make one clean schema, ${TRIPLES} times`, async () => {
  for (let time = 0; time < TRIPLES; time++) {
    const schema = `triple_${time}`;
    const replicas = await Promise.all(pools.map((_, nth) => replica(nth, schema)));

    const applied = await Promise.all(replicas.map(({ migrator }) => migrator.up()));

    expect(applied.flat().sort()).toEqual(NAMES);
    expect(await catalogOf(pool(0), schema)).toEqual(clean);
    await queryRaw(pool(0), `drop schema ${schema} cascade`);
  }
}, 120_000);

test(`replicas that are killed as they migrate leave what the next one finishes, ${KILLS} times`, async () => {
  const seed = Number(process.env['RACE_SEED'] ?? Date.now() % 1_000_000);
  process.stdout.write(`killed migrations: RACE_SEED=${seed}\n`);
  const dice = createDice(seed);
  await slowDown();
  // The others wait for the first one, and begin anew where it was killed.
  const longestMs = 3 * (await timeOneMigration());
  const stages: number[] = [];
  let ready = startChildren('killed_0');
  for (let killed = 0; killed < KILLS; killed += REPLICAS) {
    const schema = `killed_${killed}`;
    const children = await ready;
    // The next ones start up meanwhile.
    ready = killed + REPLICAS < KILLS ? startChildren(`killed_${killed + REPLICAS}`) : Promise.resolve([]);
    await Promise.all(children.map((child) => killAtWork(child, dice.below(longestMs))));
    const survivor = await replica(0, schema);
    stages.push((await survivor.migrator.status()).applied.length);

    await survivor.migrator.up();

    expect((await survivor.migrator.status()).applied).toEqual(NAMES);
    expect(await catalogOf(pool(0), schema)).toEqual(clean);
    await expect(survivor.check()).resolves.toMatch(/as they must be/);
  }
  // Kills that all came before the first step, or after the last, would prove nothing.
  process.stdout.write(`killed migrations: steps that were left behind, by round: ${stages.join(' ')}\n`);
  expect(new Set(stages).size).toBeGreaterThan(1);
}, 600_000);

function pool(nth: number): RawPool {
  const found = pools[nth];
  if (found === undefined) throw new RangeError('no such pool');
  return found;
}

/** A replica over a connection that outlives it. */
async function replica(nth: number, schema: string): Promise<Database> {
  const lasting = { ...pool(nth), end: () => Promise.resolve() };
  const patience = { workingMs: 10_000, openingMs: 10_000 };
  return await createDatabase(lasting, { kind: 'postgresql', schema, patience }, databaseParts);
}

async function slowDown(): Promise<void> {
  await queryRaw(
    pool(0),
    `create schema slow;
     create function slow.wait() returns event_trigger language plpgsql
       as $$ begin perform pg_sleep(${STATEMENT_SECONDS}); end $$;
     create event trigger slow on ddl_command_end execute function slow.wait()`,
  );
}

async function timeOneMigration(): Promise<number> {
  const began = performance.now();
  await (await replica(0, 'timed')).migrator.up();
  return Math.ceil(performance.now() - began);
}

async function startChildren(schema: string): Promise<ChildProcess[]> {
  return await Promise.all(Array.from({ length: REPLICAS }, () => startChild(schema)));
}

async function startChild(schema: string): Promise<ChildProcess> {
  const program = join(import.meta.dirname, '..', '..', 'support', 'migrate-child.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    env: { PATH: process.env['PATH'], DATABASE_URL: database.url, DATABASE_SCHEMA: schema },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    const first: MigrateWord = 'ready';
    child.stdout.once('data', (said: Buffer) => {
      if (said.toString().startsWith(first)) resolve(undefined);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`a replica ended with ${String(code)} before it was ready`));
    });
  });
  return child;
}

async function killAtWork(child: ChildProcess, afterMs: number): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.stdin?.write('now\n');
  await sleep(afterMs);
  child.kill('SIGKILL');
  await ended;
}
