import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { createDatabase } from '../../../src/postgres/create-database.ts';
import type { Database } from '../../../src/postgres/create-database.ts';
import { createPostgresPool } from '../../../src/postgres/postgres-pool.ts';
import { createDice, type Dice } from '../../../src/sample-site/dice.ts';
import { batch, record } from '../../contract/page-store-values.ts';
import { databaseParts } from '../../support/database-parts.ts';
import { query } from '../../support/mirror.ts';
import { createTestDatabase } from '../../support/real-postgres.ts';
import { spoiledPool, type Spoil } from '../../support/real-postgres-spoiled.ts';

const WRITERS = 8;
const BATCHES = 25;
const PAGES = 4;
/** Rows asked for: so many that the reader is never far behind the writers. */
const AT_ONCE = 50;
/** Of a writer, between its last statement and its commit. */
const LONGEST_PAUSE_MS = 12;

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

test('promise 4: who polls for later rows sees each change exactly once, in order, while eight connections write', async () => {
  const { seen, written } = await pollWhileWriting(takesLock);

  expect(written).toHaveLength(WRITERS * BATCHES * PAGES);
  expect(seen).toEqual(written);
}, 120_000);

test('without the writers’ lock the same reader misses changes', async () => {
  const { seen, written } = await pollWhileWriting(takesNoLock);

  expect(written).toHaveLength(WRITERS * BATCHES * PAGES);
  expect(seen.length).toBeLessThan(written.length);
}, 120_000);

/** How a writer's statement goes out. */
type Way = (statement: string) => string;

const takesLock: Way = (statement) => statement;
const takesNoLock: Way = (statement) =>
  statement.replace(/pg_advisory_xact_lock\(-?\d+\)/, "'nothing is locked'");

/** The feed as one reader saw it, and as it stands in the table. */
async function pollWhileWriting(way: Way): Promise<{ seen: string[]; written: string[] }> {
  const seed = Number(process.env['RACE_SEED'] ?? Date.now() % 1_000_000);
  process.stdout.write(`feed reader: RACE_SEED=${seed}\n`);
  const { url, drop } = await createTestDatabase();
  endings.push(drop);
  const writers = await open(url, WRITERS + 1, slowCommits(way, createDice(seed)));
  const reader = await open(url, 1, (_statement, run) => run());
  const grant = await writers.lease.acquire();
  const writing = { over: false };
  const seen = poll(reader, writing);
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writers, writer)));
  writing.over = true;
  await grant.release();
  const rows = await query<{ seq: string }>(
    url,
    'select c.seq::text from confluence_page_changes c order by c.seq',
  );
  return { seen: await seen, written: rows.map(({ seq }) => seq) };
}

async function open(url: string, connections: number, spoil: Spoil): Promise<Database> {
  const pool = spoiledPool(createPostgresPool(url, connections, databaseParts.log), spoil);
  const patience = { workingMs: 5_000, openingMs: 5_000 };
  const database = await createDatabase(
    pool,
    { kind: 'postgresql', schema: 'public', patience },
    databaseParts,
  );
  endings.push(() => database.close());
  return database;
}

/** Commits come when they will: who wrote first may well commit last. */
function slowCommits(way: Way, dice: Dice): Spoil {
  return async (statement, run, client) => {
    if (statement === 'commit') await sleep(dice.below(LONGEST_PAUSE_MS + 1));
    const sent = way(statement);
    return sent === statement ? run() : client.query(sent, []);
  };
}

async function write(database: Database, writer: number): Promise<void> {
  for (let nth = 0; nth < BATCHES; nth++) {
    const first = 1_000 + (nth * WRITERS + writer) * PAGES;
    const records = Array.from({ length: PAGES }, (_, index) => record(String(first + index)));
    await database.store.load(batch({ records, runId: `writer ${writer}` }));
  }
}

/** Asks for what comes after the last row seen, until an empty answer that was asked for after the last commit. */
async function poll(database: Database, writing: { readonly over: boolean }): Promise<string[]> {
  const seen: string[] = [];
  for (;;) {
    const { over } = writing;
    const feed = await database.queries.changes(seen.at(-1) ?? null, AT_ONCE);
    if (feed.kind === 'removed') throw new Error(`the feed was cut off at ${feed.upTo}`);
    seen.push(...feed.rows.map(({ seq }) => seq));
    if (over && feed.rows.length === 0) return seen;
  }
}
