import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { allMigrations } from '../../../src/postgres/migrations/all-migrations.ts';
import { openDatabase } from '../../../src/postgres/open-database.ts';
import { ask } from '../../integration/cli/asking.ts';
import { databaseParts } from '../../support/database-parts.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import { query } from '../../support/mirror.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';
import { runCli } from '../../support/run-cli.ts';
import { NEVER, startWorker } from '../../unit/worker/start-worker.ts';
import { expectWhole, startSite, startSync, sync, wordsOf, type ListeningSite } from './synced-mirror.ts';

let site: ListeningSite;
let database: TestDatabase;

beforeAll(async () => {
  site = await startSite(60);
});
afterAll(() => site.close());
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const settings = () => ({
  CONFLUENCE_BASE_URL: site.url,
  CONFLUENCE_ACCESS_TOKEN: 'tests-token',
  DATABASE_URL: database.url,
});
const run = (statement: string) => query(database.url, statement);
/** A trigger that is not ours. */
const trigger = (body: string, table = 'confluence_pages') =>
  `create function foreign_trigger() returns trigger language plpgsql as $$ begin ${body} end $$;
   create trigger foreign_trigger before insert or update on ${table} for each row execute function foreign_trigger()`;

/** `asProcess`: seen in a process of its own, which costs seconds; the others run the same program in this one. */
type Drift = Readonly<{ what: string; drift: string; says: RegExp; asProcess?: true }>;

const DRIFTS: readonly Drift[] = [
  {
    what: 'a column that is gone',
    asProcess: true,
    drift: 'alter table confluence_pages drop column url',
    says: /column confluence_pages\.url is missing/,
  },
  {
    what: 'a column of another name',
    drift: 'alter table confluence_page_bodies rename storage to body',
    says: /column confluence_page_bodies\.storage is missing/,
  },
  {
    what: 'a column of another type',
    drift: 'alter table confluence_pages alter version type bigint',
    says: /column confluence_pages\.version is bigint, not integer/,
  },
  {
    what: 'a column of another order',
    drift: 'alter table confluence_pages alter space_key type text collate "default"',
    says: /column confluence_pages\.space_key has the collation default, not C/,
  },
  {
    what: 'a column that may be null',
    drift: 'alter table confluence_page_changes alter version drop not null',
    says: /column confluence_page_changes\.version is nullable/,
  },
  {
    what: 'a column that may not be null',
    drift: 'alter table confluence_pages alter parent_id set not null',
    says: /column confluence_pages\.parent_id is not null/,
  },
  {
    what: 'a column that nobody fills',
    drift: 'alter table confluence_pages add owner text not null',
    says: /column confluence_pages\.owner is not ours, not null and without default/,
  },
  {
    what: 'a feed without its numbers',
    drift: 'alter table confluence_page_changes alter seq drop identity',
    says: /column confluence_page_changes\.seq has no default/,
  },
  {
    what: 'a table that is gone',
    drift: 'drop table confluence_sync_failures',
    says: /table confluence_sync_failures is missing/,
  },
  {
    what: 'a primary key that is gone',
    drift: 'alter table confluence_page_bodies drop constraint confluence_page_bodies_pkey',
    says: /ALTER TABLE public\.confluence_page_bodies ADD PRIMARY KEY \(page_id\)/,
  },
  {
    what: 'an index that is gone',
    asProcess: true,
    drift: 'drop index confluence_pages_by_space',
    says: /CREATE INDEX ON public\.confluence_pages \(space_key, length\(id\), id\)/,
  },
  {
    what: 'a trigger that refuses',
    asProcess: true,
    drift: trigger(`raise exception 'pages are not welcome';`),
    says: /P0001: pages are not welcome.*not ours: trigger foreign_trigger on confluence_pages/,
  },
  {
    what: 'a trigger that swallows',
    drift: trigger('return null;', 'confluence_page_changes'),
    says: /it does not reach its table.*trigger foreign_trigger on confluence_page_changes/,
  },
  {
    what: 'a trigger that writes something else',
    drift: trigger('new.title := upper(new.title); return new;'),
    says: /comes out as another one.*trigger foreign_trigger on confluence_pages/,
  },
  {
    what: 'a check that ordinary pages break',
    drift: 'alter table confluence_pages add constraint foreign_rule check (version > 100)',
    says: /23514: .*not ours: constraint foreign_rule on confluence_pages/,
  },
  {
    what: 'a constraint that waits for the COMMIT',
    drift: 'alter table confluence_pages add constraint late unique (url) deferrable initially deferred',
    says: /constraint late on confluence_pages is deferrable/,
  },
  {
    what: 'rows that this role may not see',
    drift: 'alter table confluence_pages enable row level security, force row level security',
    says: /row level security may hide rows of confluence_pages/,
  },
  {
    what: 'a state without its row',
    drift: 'delete from confluence_sync_state',
    says: /INSERT INTO public\.confluence_sync_state \(only_row\) VALUES \(true\)/,
  },
];

describe('D21 tables that drifted', () => {
  test.each(DRIFTS.filter(({ what }) => !what.startsWith('rows that')))(
    '$what: check, sync and start name it and end with 78; no page is blamed',
    async ({ drift, says, asProcess = false }) => {
      await run(drift);

      const quiet = { ...settings(), SYNC_ON_START: 'false', HTTP_PORT: '0' };
      const found = await ask(['check'], settings());
      const ended = asProcess
        ? await Promise.all([runCli(['sync'], settings()), runCli(['start'], quiet)])
        : [await ask(['sync'], settings()), await ask(['start'], quiet)];

      expect([found.code, found.stdout]).toEqual([78, expect.stringMatching(says)]);
      for (const { code, stderr } of ended) expect([code, stderr]).toEqual([78, expect.stringMatching(says)]);
      expect(await storedCounts()).toEqual({ pages: 0, changes: 0, failures: 0 });
    },
  );

  test('rows that this role may not see are named to a role that they are hidden from', async () => {
    const role = `hidden_${new URL(database.url).pathname.slice(-12)}`;
    await run(`create role ${role} login password 'test'; grant all on all tables in schema public to ${role};
      alter table confluence_pages enable row level security`);
    try {
      const url = new URL(database.url);
      url.username = role;
      const { code, stdout } = await ask(['check'], { ...settings(), DATABASE_URL: url.href });

      expect([code, stdout]).toEqual([78, expect.stringMatching(/hide rows of confluence_pages/)]);
    } finally {
      await run(`drop owned by ${role}; drop role ${role}`);
    }
  });

  test('what a person may add passes: columns, indexes, and triggers and checks that pages do not break', async () => {
    await run(`alter table confluence_pages add note text, add seen boolean not null default false;
      create index mine on confluence_pages (title);
      alter index confluence_pages_by_space rename to rebuilt;
      alter table confluence_pages add constraint mine check (length(title) < 100000)`);
    await run(trigger(`new.note := 'seen'; return new;`));

    const result = await sync(site, database.url);

    await expectWhole(result, site, database.url);
    expect(await run(`select distinct note from confluence_pages`)).toEqual([{ note: 'seen' }]);
    expect((await ask(['check'], settings())).code).toBe(0);
  });

  test('without anything that is not ours, proving the tables writes nothing', async () => {
    await sync(site, database.url);
    const before = await run('select last_value from confluence_page_changes_seq_seq');

    await ask(['check'], settings());
    await sync(site, database.url);

    expect(await run('select last_value from confluence_page_changes_seq_seq')).toEqual(before);
  });
});

const UNDERWAY: readonly (Drift & Readonly<{ repair: string }>)[] = [
  {
    what: 'a column gets another name',
    drift: 'alter table confluence_pages rename url to link',
    says: /42703: column .*url.* does not exist/,
    repair: 'alter table confluence_pages rename link to url',
  },
  {
    what: 'a column gets another type',
    drift: 'alter table confluence_pages alter url type varchar(8) using left(url, 8)',
    says: /column confluence_pages\.url is character varying\(8\), not text/,
    repair: 'alter table confluence_pages alter url type text',
  },
  {
    what: 'a column comes that nobody fills',
    drift: `alter table confluence_pages add owner text not null default 'x';
      alter table confluence_pages alter owner drop default`,
    says: /column confluence_pages\.owner is not ours/,
    repair: 'alter table confluence_pages drop column owner',
  },
  {
    what: 'a table goes',
    drift: 'alter table confluence_page_changes rename to elsewhere',
    says: /42P01: relation "public\.confluence_page_changes" does not exist/,
    repair: 'alter table elsewhere rename to confluence_page_changes',
  },
  {
    what: 'a primary key goes',
    drift: 'alter table confluence_page_bodies drop constraint confluence_page_bodies_pkey',
    says: /42P10/,
    repair: 'alter table confluence_page_bodies add primary key (page_id)',
  },
  {
    what: 'a trigger comes that refuses',
    drift: trigger(`raise exception 'pages are not welcome';`),
    says: /P0001: pages are not welcome.*trigger foreign_trigger on confluence_pages/,
    repair: 'drop function foreign_trigger cascade',
  },
  {
    what: 'a trigger comes that swallows',
    drift: trigger('return null;'),
    says: /it does not reach its table.*trigger foreign_trigger on confluence_pages/,
    repair: 'drop function foreign_trigger cascade',
  },
  {
    what: 'a check comes that ordinary pages break',
    drift: 'alter table confluence_pages add constraint foreign_rule check (version > 100) not valid',
    says: /23514: .*constraint foreign_rule on confluence_pages/,
    repair: 'alter table confluence_pages drop constraint foreign_rule',
  },
];

test.each(UNDERWAY)(
  'D21 while a run is under way $what: it ends with 78, blames no page, and goes on once that is mended',
  async ({ drift, says, repair }) => {
    const slow = await startSite(60, 'slow_answer:delay_ms=250,path=/pages');
    try {
      const running = startSync(slow, database.url);
      while ((await run('select 1 from confluence_pages limit 1')).length === 0) await sleep(10);
      await run(drift);
      const result = await running.ended;

      expect([result.code, wordsOf(result)]).toEqual([78, expect.stringMatching(says)]);
      await run(repair);
      expect(await run('select page_id, code from confluence_sync_failures')).toEqual([]);
      slow.faults.clear();
      await run(`update confluence_pages set url = url || ' '`);
      await expectWhole(await sync(slow, database.url), slow, database.url);
    } finally {
      await slow.close();
    }
  },
);

test('D23 a program that is cut off here and there in its migrations leaves whole ones, and the next goes on', async () => {
  const empty = await createTestDatabase({ empty: true });
  const proxy = await startFaultProxy(empty.url);
  const open = (url: string, schema: string) =>
    openDatabase({ url, schema, poolMax: 1, patienceMs: 0 }, databaseParts);
  try {
    let isWhole = false;
    for (let cutAt = 0; !isWhole; cutAt += 4) {
      const schema = `cut_at_${cutAt}`;
      let statements = 0;
      const migrating = await open(proxy.url, schema);
      proxy.judge = () => {
        statements += 1;
        return statements > cutAt ? 'reset' : 'pass';
      };
      const ended = await Promise.allSettled([migrating.migrator.up()]);
      isWhole = ended[0].status === 'fulfilled';
      expect(isWhole).toBe(statements <= cutAt);
      await migrating.close();
      proxy.judge = () => 'pass';

      const next = await open(empty.url, schema);
      const { applied, pending } = await next.migrator.status();
      expect(await next.migrator.up()).toEqual(pending);
      expect([...applied, ...pending]).toEqual(allMigrations.map(({ name }) => name));
      expect(await next.check()).toMatch(/as they must be/);
      await next.close();
    }
  } finally {
    await proxy.close();
    await empty.drop();
  }
}, 120_000);

describe('D24 tables of a newer program', () => {
  const COMMANDS = [
    ['sync', '--dry-run'],
    ['check'],
    ['migrate'],
    ['migrate', 'down'],
    ['status'],
    ['failures'],
    ['failures', 'retry'],
    ['changes'],
    ['changes', '--follow'],
    ['pages'],
    ['spaces'],
  ];

  test('are neither written nor read: every command ends with 78', async () => {
    await run(`insert into confluence_sync_migrations (name) values ('9999_later')`);

    for (const command of COMMANDS) {
      const { code, stdout, stderr } = await ask(command, settings());
      expect([command, code, stdout + stderr]).toEqual([
        command,
        78,
        expect.stringMatching(/newer.*9999_later/),
      ]);
    }
    const worker = runCli(['start'], { ...settings(), HTTP_PORT: '0' });
    for (const result of await Promise.all([sync(site, database.url), worker]))
      expect([result.code, wordsOf(result)]).toEqual([78, expect.stringMatching(/newer.*9999_later/)]);
    expect(await storedCounts()).toEqual({ pages: 0, changes: 0, failures: 0 });
  });

  test('end a worker at its next run', async () => {
    const worker = startWorker({ ...settings(), SYNC_CRON: '*/2 * * * * *', RECONCILE_CRON: NEVER });
    await worker.said('run finished');
    await run(`insert into confluence_sync_migrations (name) values ('9999_later')`);

    const result = await worker.ended;

    expect([result.code, wordsOf(result)]).toEqual([78, expect.stringMatching(/newer.*9999_later/)]);
  });
});

test('D24 each migration goes there and back, and leaves what was there before', async () => {
  const empty = await createTestDatabase({ empty: true });
  const migrate = (...args: string[]) => ask(['migrate', ...args], { DATABASE_URL: empty.url });
  try {
    let before: unknown = null;
    for (const { name } of allMigrations) {
      await migrate('up', '--to', name);
      const after = await shapeOf(empty.url);
      const down = await migrate('down');
      expect(down.stdout).toContain(`pending  ${name}`);
      if (before !== null) expect(await shapeOf(empty.url)).toEqual(before);
      await migrate('up', '--to', name);
      expect(await shapeOf(empty.url)).toEqual(after);
      before = after;
    }
  } finally {
    await empty.drop();
  }
});

test('D28 no constraint and no trigger of ours waits for the COMMIT', async () => {
  const late = await run(`
    select conname as name from pg_constraint where condeferrable and connamespace = 'public'::regnamespace
    union all select tgname from pg_trigger join pg_class on pg_class.oid = tgrelid
      where relnamespace = 'public'::regnamespace and (not tgisinternal or tgdeferrable)`);

  expect(late).toEqual([]);
  expect(
    await run(
      `select count(*)::int > 5 as ours from pg_constraint where connamespace = 'public'::regnamespace`,
    ),
  ).toEqual([{ ours: true }]);
});

async function storedCounts(): Promise<unknown> {
  const count = async (table: string) => {
    const [found] = await query<{ exists: boolean }>(
      database.url,
      `select to_regclass('${table}') is not null as exists`,
    );
    if (found?.exists !== true) return 0;
    return (await query<{ rows: number }>(database.url, `select count(*)::int as rows from ${table}`))[0]
      ?.rows;
  };
  return {
    pages: await count('confluence_pages'),
    changes: await count('confluence_page_changes'),
    failures: await count('confluence_sync_failures'),
  };
}

/** Everything the catalogue knows of our tables. */
async function shapeOf(url: string): Promise<unknown> {
  return await query(
    url,
    `select c.relname, c.relkind, obj_description(c.oid, 'pg_class') as comment,
      (select jsonb_agg(jsonb_build_array(attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attcompression,
        attcollation, pg_get_expr(adbin, adrelid), col_description(c.oid, attnum)) order by attname)
        from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where attrelid = c.oid and attnum > 0 and not attisdropped) as columns,
      (select jsonb_agg(conname || ' ' || pg_get_constraintdef(oid) order by conname) from pg_constraint where conrelid = c.oid) as constraints,
      (select jsonb_agg(pg_get_indexdef(indexrelid) order by pg_get_indexdef(indexrelid)) from pg_index where indrelid = c.oid) as indexes
    from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'S', 'v') order by c.relname`,
  );
}
