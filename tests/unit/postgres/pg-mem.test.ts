import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Kysely, PostgresDialect } from 'kysely';
import { createDatabase } from '../../../src/postgres/create-database.ts';
import type { Database } from '../../../src/postgres/create-database.ts';
import { guardPool } from '../../../src/postgres/guard-pool.ts';
import type { RawPool } from '../../../src/postgres/guard-pool.ts';
import { firstTables } from '../../../src/postgres/migrations/first-tables.ts';
import { createTableNames } from '../../../src/postgres/table-names.ts';
import type { Tables } from '../../../src/postgres/tables.ts';
import { LeaseLost, WrongSite } from '../../../src/sync/errors.ts';
import type { RunReport } from '../../../src/sync/report.ts';
import type { Site } from '../../../src/sync/source.ts';
import { batch, record } from '../../contract/page-store-values.ts';
import { databaseParts } from '../../support/database-parts.ts';
import { createPgMemPool } from '../../support/pg-mem-pool.ts';
import { queryRaw } from '../../support/pglite-store.ts';

let pool: RawPool;
let database: Database;

beforeEach(async () => {
  pool = createPgMemPool();
  const settings = {
    kind: 'postgresql',
    schema: 'public',
    patience: { workingMs: 100, openingMs: 100 },
  } as const;
  database = await createDatabase(pool, settings, databaseParts);
  await makeTables(pool);
});

afterEach(async () => {
  await database.close();
});

describe('on pg-mem', () => {
  test('a run is opened, closed and listed', async () => {
    const { runId } = await database.journal.begin({ mode: 'full', trigger: 'cli' });
    await database.journal.finish(runId, 'succeeded', { run_id: runId } as RunReport);

    expect(await database.queries.lastRuns(5)).toMatchObject([
      { id: runId, outcome: 'succeeded', report: { run_id: runId } },
    ]);
  });

  test('a run that never ended is interrupted by the next holder of the lease', async () => {
    const grant = await database.lease.acquire();
    await database.journal.begin({ mode: 'full', trigger: 'cli' });

    await database.journal.begin({ mode: 'full', trigger: 'cli' });

    const outcomes = (await database.queries.lastRuns(5)).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(['interrupted', 'running']);
    await grant.release();
  });

  test('another site is refused, and what was bound stays', async () => {
    const grant = await database.lease.acquire();
    const site: Site = {
      deployment: 'cloud',
      baseUrl: 'https://a.example/wiki',
      cloudId: null,
      version: null,
    };
    await database.store.bindSite(site);

    await expect(database.store.bindSite({ ...site, baseUrl: 'https://b.example/wiki' })).rejects.toThrow(
      WrongSite,
    );

    expect(await queryRaw(pool, 'select base_url from confluence_sync_state')).toEqual([
      { base_url: 'https://a.example/wiki' },
    ]);
    await grant.release();
  });

  test('without the lease nothing is written', async () => {
    await expect(database.store.load(batch({ records: [record('7')] }))).rejects.toThrow(LeaseLost);
  });
});

describe('the transactions of the shim', () => {
  const program = async (...statements: readonly string[]) => {
    const client = await pool.connect();
    const commands: string[] = [];
    for (const statement of statements) {
      const [result] = (await client
        .query(statement, [])
        .catch((error: unknown) => [{ command: (error as { code: string }).code }])) as { command: string }[];
      commands.push(result?.command ?? '');
    }
    client.release(false);
    return commands;
  };
  const insert = (key: string): string =>
    `insert into confluence_sync_spaces (key, name, status) values ('${key}', 'x', 'current')`;
  const keys = async () =>
    (await queryRaw(pool, 'select key from confluence_sync_spaces order by key')).map(({ key }) => key);

  test('take back what was rolled back, and no more', async () => {
    await program(
      'begin',
      insert('A'),
      'savepoint s',
      insert('B'),
      'rollback to savepoint s',
      insert('C'),
      'commit',
    );
    await program('begin', insert('D'), 'rollback');

    expect(await keys()).toEqual(['A', 'C']);
  });

  test('are aborted by an error, and a commit of them answers ROLLBACK', async () => {
    const commands = await program('begin', insert('A'), insert('A'), insert('B'), 'commit');

    expect(commands).toEqual(['BEGIN', 'INSERT', '23505', '25P02', 'ROLLBACK']);
    expect(await keys()).toEqual([]);
  });
});

/** The migration alone: the migrator asks a catalogue that pg-mem does not keep. */
async function makeTables(pool: RawPool): Promise<void> {
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: guardPool(pool) }) });
  await kysely.transaction().execute((tx) => firstTables.up(tx, createTableNames('public')));
}
