import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { allMigrations } from '../../../src/postgres/migrations/all-migrations.ts';
import { openDatabase } from '../../../src/postgres/open-database.ts';
import { DatabaseUnavailable, LeaseLost, WrongConfiguration } from '../../../src/sync/errors.ts';
import { batch, failure, ids, record } from '../../contract/page-store-values.ts';
import { databaseParts } from '../../support/database-parts.ts';
import { openPostgresStore } from '../../support/real-postgres-store.ts';
import type { PostgresStore } from '../../support/real-postgres-store.ts';
import { spoiledPool } from '../../support/real-postgres-spoiled.ts';
import type { Spoil } from '../../support/real-postgres-spoiled.ts';
import { administer, createTestDatabase, realPostgres } from '../../support/real-postgres.ts';

let store: PostgresStore;

beforeAll(async () => {
  store = await openPostgresStore();
});
afterAll(async () => {
  await store.close();
});
beforeEach(async () => {
  await store.query(
    `truncate confluence_pages, confluence_page_bodies, confluence_page_changes, confluence_sync_failures`,
  );
  await store.query('update confluence_sync_state set lease_holder = null, lease_expires_at = null');
});

/** Opens the mirror over connections that `spoil` spoils, with the lease in hand. */
async function openSpoiled(spoil: Spoil, patienceMs?: number) {
  let armed = false;
  const database = await store.openAgain(
    (pool) => spoiledPool(pool, (statement, run, client) => (armed ? spoil(statement, run, client) : run())),
    patienceMs,
  );
  const grant = await database.lease.acquire();
  armed = true;
  const close = async (): Promise<void> => {
    armed = false;
    await grant.release();
    await database.close();
  };
  return { database, grant, close };
}

const feed = () => store.query('select page_id, kind from confluence_page_changes order by seq');
const storedIds = async () =>
  (await store.query('select id from confluence_pages order by length(id), id')).map(({ id }) => id);
/** Statements of the loader, and not of the lease that renews itself meanwhile. */
const isHeartbeat = (statement: string): boolean => statement.includes('lease_expires_at');

describe('a connection that breaks', () => {
  const given = batch({
    records: [record('7'), record('8')],
    failures: [failure('9')],
    space: { key: 'HR', name: 'HR', status: 'current' },
  });
  const expected = [
    { page_id: '7', kind: 'created' },
    { page_id: '8', kind: 'created' },
  ];

  test('D4: before any statement of a batch costs nothing and writes nothing twice', async () => {
    for (let breakAt = 0; ; breakAt += 1) {
      await store.query('truncate confluence_pages, confluence_page_bodies, confluence_page_changes');
      let [statements, broken] = [0, false];
      const spoiled = await openSpoiled(async (statement, run, client) => {
        if (isHeartbeat(statement)) return run();
        statements += 1;
        if (statements - 1 === breakAt) {
          broken = true;
          await killBackendOf(client);
        }
        return run();
      });

      const result = await spoiled.database.store.load(given);

      expect(Object.fromEntries(result.outcomes)).toEqual({ 7: 'created', 8: 'created', 9: 'failed' });
      expect(await feed()).toEqual(expected);
      await spoiled.close();
      if (!broken) break;
      expect(breakAt).toBeLessThan(30);
    }
  });

  test('D5: after a COMMIT, before its answer, makes no second feed row and keeps the outcomes', async () => {
    let lost = 0;
    const spoiled = await openSpoiled(async (statement, run) => {
      const result = await run();
      if (statement !== 'commit' || lost > 0) return result;
      lost += 1;
      throw new Error('the connection was reset');
    });

    const result = await spoiled.database.store.load(given);

    expect(lost).toBe(1);
    expect(Object.fromEntries(result.outcomes)).toEqual({ 7: 'created', 8: 'created', 9: 'failed' });
    expect(await feed()).toEqual(expected);
    await spoiled.close();
  });

  test('D1: while it is idle ends neither the process nor the next batch', async () => {
    const spoiled = await openSpoiled((_statement, run) => run());
    await store.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'confluence-sync' and pid <> pg_backend_pid() and datname = current_database()`);

    const result = await spoiled.database.store.load(given);

    expect(result.outcomes.get('7')).toBe('created');
    await spoiled.close();
  });

  test('D2: between the statements of a batch does not end the process', async () => {
    let killed = false;
    const spoiled = await openSpoiled(async (statement, run, client) => {
      const result = await run();
      if (!killed && statement.includes('unnest')) {
        killed = true;
        await killBackendOf(client);
        await new Promise((done) => setTimeout(done, 100));
      }
      return result;
    });

    await spoiled.database.store.load(given);

    expect(await feed()).toEqual(expected);
    await spoiled.close();
  });

  test('D19: without a word, in the midst of a statement, is given up by the server after a minute', async () => {
    let seconds: unknown;
    const spoiled = await openSpoiled(async (statement, run, client) => {
      const question = `select current_setting('tcp_keepalives_idle')::int + current_setting('tcp_keepalives_count')::int
        * current_setting('tcp_keepalives_interval')::int as seconds`;
      if (statement.startsWith('savepoint')) seconds = (await ask(client, question))[0]?.['seconds'];
      return run();
    });

    await spoiled.database.store.load(given);

    expect(seconds).toBe(60);
    await spoiled.close();
  });

  test('for longer than the patience is DatabaseUnavailable, without the password', async () => {
    const spoiled = await openSpoiled(() => Promise.reject(new Error('gone')), 300);

    const loading = spoiled.database.store.load(given);

    await expect(loading).rejects.toThrow(DatabaseUnavailable);
    await spoiled.close();
  });
});

describe('a server that refuses', () => {
  const given = batch({ records: [record('7')] });

  test('D6: a COMMIT that it answers with ROLLBACK is no success', async () => {
    let spoiledOnce = false;
    const spoiled = await openSpoiled(async (statement, run, client) => {
      if (statement === 'commit' && !spoiledOnce) {
        spoiledOnce = true;
        await client.query('select 1 / 0', []).catch(() => undefined);
      }
      return run();
    });

    const result = await spoiled.database.store.load(given);

    expect(spoiledOnce).toBe(true);
    expect(result.outcomes.get('7')).toBe('created');
    expect(await storedIds()).toEqual(['7']);
    await spoiled.close();
  });

  test.each(['40001', '40P01', '55P03', '57014', '25006', '57P03', '53300'])(
    '%s once is tried again, and quarantines nothing',
    async (code) => {
      let refusals = 0;
      const spoiled = await openSpoiled(async (statement, run, client) => {
        if (statement.includes('confluence_page_changes') && refusals === 0) {
          refusals += 1;
          return client.query(raising(code), []);
        }
        return run();
      });

      const result = await spoiled.database.store.load(given);

      expect([refusals, result.outcomes.get('7')]).toEqual([1, 'created']);
      expect(await store.query('select * from confluence_sync_failures')).toEqual([]);
      await spoiled.close();
    },
  );

  test.each([
    ['40001', DatabaseUnavailable],
    ['25006', DatabaseUnavailable],
    ['53100', DatabaseUnavailable],
    ['58030', DatabaseUnavailable],
    ['55006', DatabaseUnavailable],
    ['XX001', DatabaseUnavailable],
    ['42501', WrongConfiguration],
    ['42703', WrongConfiguration],
  ])('%s every time ends the run and quarantines nothing', async (code, ending) => {
    const spoiled = await openSpoiled(
      (statement, run, client) =>
        statement.includes('confluence_page_changes') ? client.query(raising(code), []) : run(),
      500,
    );

    const loading = spoiled.database.store.load(batch({ records: ids(30).map((id) => record(id)) }));

    await expect(loading).rejects.toThrow(ending);
    await expect(loading).rejects.toThrow(code);
    expect(await store.query('select * from confluence_sync_failures')).toEqual([]);
    await spoiled.close();
  });

  test('D13: a page that alone makes every statement time out goes to the quarantine', async () => {
    await store.query(`create function foreign_slowness() returns trigger language plpgsql as $$ begin
      if new.id = '99' then raise exception 'canceling statement due to statement timeout' using errcode = '57014'; end if;
      return new; end $$`);
    await store.query(
      'create trigger slow before insert on confluence_pages for each row execute function foreign_slowness()',
    );
    const spoiled = await openSpoiled((_statement, run) => run());
    try {
      const result = await spoiled.database.store.load(batch({ records: ids(30).map((id) => record(id)) }));

      expect(result.failures).toMatchObject([{ id: '99', code: '57014' }]);
      expect(await storedIds()).toHaveLength(29);
    } finally {
      await spoiled.close();
      await store.query('drop trigger slow on confluence_pages');
      await store.query('drop function foreign_slowness');
    }
  });
});

describe('two workers', () => {
  test('promise 7: one that was suspended past its lease is fenced, and the next one writes', async () => {
    let suspended = false;
    const first = await openSpoiled((statement, run) =>
      suspended && isHeartbeat(statement) ? Promise.reject(new Error('asleep')) : run(),
    );
    suspended = true;

    const second = await store.openAgain();
    const grant = await second.lease.acquire();

    await second.store.load(batch({ records: [record('8')] }));
    await expect(first.database.store.load(batch({ records: [record('7')] }))).rejects.toThrow(LeaseLost);
    expect(await storedIds()).toEqual(['8']);
    await grant.release();
    await first.close();
  });

  test('promise 7: of many that ask for the lease at once one gets it', async () => {
    const workers = await Promise.all(Array.from({ length: 4 }, () => store.openAgain()));

    const asked = await Promise.allSettled(workers.map((worker) => worker.lease.acquire()));

    const granted = asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    expect(granted).toHaveLength(1);
    await granted[0]?.release();
  });

  test('promise 4: a writer that waits for another one has the later seq', async () => {
    let lock = '';
    const spoiled = await openSpoiled((statement, run) => {
      lock = /pg_advisory_xact_lock\((-?\d+)\)/.exec(statement)?.[1] ?? lock;
      return run();
    });
    await spoiled.database.store.load(batch({ records: [record('6')] }));
    const other = new pg.Client({ connectionString: store.url });
    await other.connect();
    await other.query(`begin; select pg_advisory_xact_lock(${lock})`);

    const loading = spoiled.database.store.load(batch({ records: [record('7')] }));
    await waitFor(`select 1 from pg_locks where locktype = 'advisory' and not granted`);
    await other.query(`insert into confluence_page_changes (page_id, space_key, kind, content_changed, content_hash,
      version, run_id, changed_at) values ('1', 'HR', 'created', true, 'x', 1, 'other', now())`);
    await other.query('commit');
    await loading;

    expect((await feed()).map(({ page_id }) => page_id)).toEqual(['6', '1', '7']);
    await other.end();
    await spoiled.close();
  });

  test('promise 7: a takeover while a batch waits for its turn fences it, under any default isolation', async () => {
    const name = new URL(store.url).pathname.slice(1);
    await store.query(`alter database ${name} set default_transaction_isolation = 'repeatable read'`);
    let lock = '';
    const spoiled = await openSpoiled((statement, run) => {
      lock = /pg_advisory_xact_lock\((-?\d+)\)/.exec(statement)?.[1] ?? lock;
      return run();
    });
    await spoiled.database.store.forgetFailures(['1']);
    const other = new pg.Client({ connectionString: store.url });
    await other.connect();
    await other.query(`begin; select pg_advisory_xact_lock(${lock})`);

    const loading = spoiled.database.store.load(batch({ records: [record('7')] }));
    const refused = expect(loading).rejects.toThrow(LeaseLost);
    await waitFor(`select 1 from pg_locks where locktype = 'advisory' and not granted`);
    await other.query('update confluence_sync_state set lease_token = lease_token + 1');
    await other.query('commit');

    await refused;
    expect(await storedIds()).toEqual([]);
    await other.end();
    await spoiled.close();
    await store.query(`alter database ${name} reset default_transaction_isolation`);
  });

  test('D22: that migrate at the same time make one schema', async () => {
    const { url, drop } = await createTestDatabase({ empty: true });
    const settings = { url, schema: 'mirror', poolMax: 2 };
    const workers = await Promise.all(Array.from({ length: 4 }, () => openDatabase(settings, databaseParts)));

    const done = await Promise.all(workers.map((worker) => worker.migrator.up()));

    expect(done.flat().sort()).toEqual(allMigrations.map(({ name }) => name));
    await expect(workers[0]?.check()).resolves.toMatch(/as they must be/);
    await Promise.all(workers.map((worker) => worker.close()));
    await drop();
  });
});

describe('opening', () => {
  const open = async (change: (url: URL) => void) => {
    const url = new URL(await realPostgres());
    change(url);
    return openDatabase({ url: url.href, schema: 'public', poolMax: 1, patienceMs: 300 }, databaseParts);
  };

  test('with a wrong password is WrongConfiguration, and does not repeat it', async () => {
    const opening = open((url) => (url.password = 'c4n4ry'));

    await expect(opening).rejects.toThrow(WrongConfiguration);
    await expect(opening).rejects.toThrow(/28P01/);
    await expect(opening).rejects.not.toThrow(/c4n4ry/);
  });

  test('of a database that is not there is WrongConfiguration', async () => {
    await expect(open((url) => (url.pathname = '/nowhere'))).rejects.toThrow(/3D000/);
  });

  test('where nobody listens is DatabaseUnavailable', async () => {
    await expect(open((url) => (url.port = '1'))).rejects.toThrow(DatabaseUnavailable);
  });

  test('D37: of a database that keeps text in another encoding is refused', async () => {
    const server = await realPostgres();
    await administer(
      server,
      `create database latin encoding 'LATIN1' template template0 lc_collate 'C' lc_ctype 'C'`,
    );

    await expect(open((url) => (url.pathname = '/latin'))).rejects.toThrow(/LATIN1/);

    await administer(server, 'drop database latin with (force)');
  });

  test('D32: as a role without privileges names the missing grants', async () => {
    await store.query(`create role reader login password 'test'`);
    await store.query('grant select on all tables in schema public to reader');
    const url = new URL(store.url);
    url.username = 'reader';
    const reader = await openDatabase({ url: url.href, schema: 'public', poolMax: 1 }, databaseParts);

    await expect(reader.check()).rejects.toThrow(
      /GRANT INSERT, UPDATE ON public\.confluence_pages TO reader/,
    );

    await reader.close();
    await store.query('drop owned by reader');
    await store.query('drop role reader');
  });

  test('D36: under odd defaults of the role times are the same', async () => {
    const name = new URL(store.url).pathname.slice(1);
    await store.query(`alter database ${name} set datestyle = 'German'`);
    await store.query(`alter database ${name} set timezone = 'Asia/Kathmandu'`);
    await store.query(`alter database ${name} set default_transaction_isolation = 'serializable'`);
    const spoiled = await openSpoiled((_statement, run) => run());
    const given = record('7');

    await spoiled.database.store.load(batch({ records: [given] }));

    const [known] = await spoiled.database.reader.known({ ids: ['7'], range: null });
    expect(known?.lastUpdated).toEqual(given.head.lastUpdated);
    await spoiled.close();
  });
});

describe('a commit', () => {
  const listener = async () => {
    const client = new pg.Client({ connectionString: store.direct });
    await client.connect();
    await client.query('listen confluence_page_changes');
    return client;
  };
  let client: pg.Client;
  beforeEach(async () => {
    client = await listener();
  });
  afterEach(async () => {
    await client.end();
  });

  test('with changes notifies, and without does not', async () => {
    const spoiled = await openSpoiled((_statement, run) => run());
    const told: string[] = [];
    client.on('notification', ({ payload }) => told.push(payload ?? ''));
    const given = batch({ records: [record('7'), record('8')] });

    await spoiled.database.store.load(given);
    await spoiled.database.store.load(given);

    await client.query('select 1');
    const [last] = await store.query('select max(seq)::text as seq from confluence_page_changes');
    expect(told).toEqual([last?.['seq']]);
    await spoiled.close();
  });

  test('promise 1: of unchanged pages got no transaction number, so it wrote no WAL', async () => {
    const numbers: unknown[] = [];
    const spoiled = await openSpoiled(async (statement, run, client) => {
      if (statement === 'commit') {
        const [answer] = await ask(client, 'select pg_current_xact_id_if_assigned()::text as number');
        numbers.push(answer?.['number'] ?? null);
      }
      return run();
    });
    const given = batch({ records: ids(250).map((id) => record(id)) });

    await spoiled.database.store.load(given);
    await spoiled.database.store.load(given);

    expect(numbers).toEqual([expect.any(String), null]);
    await spoiled.close();
  });

  test('D27: never has as many savepoints as slow every session down', async () => {
    let savepoints = 0;
    const most: number[] = [];
    const spoiled = await openSpoiled((statement, run) => {
      if (statement.startsWith('savepoint')) savepoints += 1;
      if (statement === 'commit') most.push(savepoints);
      if (statement.startsWith('begin')) savepoints = 0;
      return run();
    });
    const records = ids(120).map((id, index) =>
      record(id, index % 3 === 0 ? { type: 'comment' as 'page' } : {}),
    );

    const { failures } = await spoiled.database.store.load(batch({ records }));

    expect(failures).toHaveLength(40);
    expect(Math.max(...most)).toBeLessThan(64);
    await spoiled.close();
  });
});

function raising(code: string): string {
  return `do $$ begin raise exception 'provoked' using errcode = '${code}'; end $$`;
}

async function killBackendOf(client: Parameters<Spoil>[2]): Promise<void> {
  const [backend] = await ask(client, 'select pg_backend_pid()::text as pid');
  await store.query(`select pg_terminate_backend(${backend?.['pid'] ?? '0'})`);
}

async function ask(
  client: Parameters<Spoil>[2],
  question: string,
): Promise<readonly Record<string, string | null>[]> {
  const { rows } = (await client.query(question, [])) as { rows: Record<string, string | null>[] };
  return rows;
}

/** Asks until there is an answer. */
async function waitFor(question: string): Promise<void> {
  while ((await store.query(question)).length === 0) await new Promise((done) => setTimeout(done, 10));
}
