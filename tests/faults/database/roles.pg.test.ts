import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ask, parsedLines } from '../../integration/cli/asking.ts';
import { query } from '../../support/mirror.ts';
import { startOwnCluster, type OwnCluster } from '../../support/own-cluster.ts';
import {
  administer,
  createTestDatabase,
  realPostgres,
  type ServerDatabase,
} from '../../support/real-postgres.ts';
import { asRole, roleStatements, type RoleStatements } from '../../support/role-statements.ts';
import { runCli } from '../../support/run-cli.ts';
import { startWorker, until } from '../../unit/worker/start-worker.ts';
import { startSite, sync, wordsOf, type ListeningSite } from './synced-mirror.ts';

const PAGES = 30;

let site: ListeningSite;
let folder: string;

beforeAll(async () => {
  site = await startSite(PAGES);
  folder = await mkdtemp(join(tmpdir(), 'confluence-sync-roles-'));
});
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

describe('D32 roles as the operations guide makes them', () => {
  let database: ServerDatabase;
  let statements: RoleStatements;
  let urls: Readonly<{ owner: string; writer: string; reader: string }>;
  const settings = (url: string) => ({
    CONFLUENCE_BASE_URL: site.url,
    CONFLUENCE_ACCESS_TOKEN: 'tests-token',
    DATABASE_URL: url,
    DATABASE_SCHEMA: 'confluence',
  });

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    statements = roleStatements(new URL(database.url).pathname.slice(-8), 'confluence');
    const as = (role: string) => asRole(database.url, role);
    const { owner, writer, reader } = statements.roles;
    urls = { owner: as(owner), writer: as(writer), reader: as(reader) };
    await query(database.direct, statements.prepare);
    const { code } = await ask(['migrate'], settings(urls.owner));
    expect(code).toBe(0);
    await query(urls.owner, statements.grant);
  });
  afterAll(async () => {
    await database.drop();
    await administer(await realPostgres(), statements.dropRoles);
  });

  test('the writer fills the mirror, works as a worker, and answers questions', async () => {
    const synced = await runCli(['sync', '--json'], settings(urls.writer));
    expect([synced.code, synced.stderr]).toEqual([0, '']);
    expect(JSON.parse(synced.stdout)).toMatchObject({ counts: { created: PAGES } });

    const worker = startWorker({
      ...settings(urls.writer),
      SYNC_CRON: '*/2 * * * * *',
      CHANGES_KEEP_DAYS: '30',
    });
    await worker.said('run finished');
    expect(await worker.end('SIGTERM')).toMatchObject({ code: 0 });

    for (const command of ['status', 'failures', 'spaces', 'check', 'pages', 'changes', 'migrate'])
      expect([command, await ask([command], settings(urls.writer))]).toMatchObject([
        command,
        { code: 0, stderr: '' },
      ]);
  });

  test.each([
    'create table confluence.mine (id int)',
    'create table public.mine (id int)',
    'create temporary table mine (id int)',
    'create schema mine',
    'create view confluence.mine as select 1',
    'drop table confluence.confluence_page_changes',
    'truncate confluence.confluence_page_changes',
    'truncate confluence.confluence_pages cascade',
    'alter table confluence.confluence_pages add mine int',
    'alter table confluence.confluence_pages disable trigger all',
    'create index on confluence.confluence_pages (title)',
    'delete from confluence.confluence_pages',
    'delete from confluence.confluence_page_bodies',
    'update confluence.confluence_page_changes set kind = kind',
    'delete from confluence.confluence_sync_state',
    `insert into confluence.confluence_sync_migrations (name) values ('mine')`,
    'create role mine',
  ])('the writer may not: %s', async (statement) => {
    await expect(query(urls.writer, statement)).rejects.toThrow(/permission denied|must be owner/);
  });

  test('the reader gets pages and the feed', async () => {
    const pages = await ask(['pages', '--json'], settings(urls.reader));
    const changes = await ask(['changes'], settings(urls.reader));

    expect([pages.code, pages.stderr, parsedLines(pages.stdout).length > 0]).toEqual([0, '', true]);
    expect([changes.code, changes.stderr, parsedLines(changes.stdout)]).toEqual([0, '', expect.any(Array)]);
    expect(
      await query(urls.reader, 'select count(*) > 0 as some from confluence.confluence_page_bodies'),
    ).toEqual([{ some: true }]);
  });

  test.each([
    'update confluence.confluence_pages set title = title',
    'delete from confluence.confluence_page_changes',
    `insert into confluence.confluence_page_bodies values ('1', 'x')`,
    'truncate confluence.confluence_page_changes',
    'create table confluence.mine (id int)',
    'create temporary table mine (id int)',
    'select * from confluence.confluence_sync_failures',
    'select * from confluence.confluence_sync_runs',
    'select * from confluence.confluence_sync_spaces',
    'select lease_holder from confluence.confluence_sync_state',
  ])('the reader may not: %s', async (statement) => {
    await expect(query(urls.reader, statement)).rejects.toThrow(/permission denied/);
  });

  test('a right that is missing ends sync with 78 and is named as the GRANT that gives it', async () => {
    const { writer } = statements.roles;
    await query(urls.owner, `revoke update on confluence.confluence_pages from ${writer}`);

    const result = await runCli(['sync'], settings(urls.writer));

    const grant = `GRANT UPDATE ON confluence.confluence_pages TO ${writer}`;
    expect([result.code, result.stderr]).toEqual([78, expect.stringContaining(grant)]);
    await query(urls.owner, grant);
    expect((await ask(['check'], settings(urls.writer))).code).toBe(0);
  });

  test('the reader is no writer: sync ends with 78 and writes nothing', async () => {
    const { code, stderr } = await ask(['sync'], settings(urls.reader));

    expect([code, stderr]).toEqual([
      78,
      expect.stringMatching(/missing: GRANT .*confluence_pages TO reader_/),
    ]);
  });
});

describe('D33 a password that is changed while the worker runs', () => {
  let database: ServerDatabase;
  let role: string;
  const secret = () => join(folder, 'url');
  const write = (password: string) => {
    const url = new URL(database.direct);
    [url.username, url.password] = [role, password];
    writeFileSync(secret(), `${url.href}\n`);
    return url.href;
  };
  const change = async (password: string) => {
    await query(database.direct, `alter role ${role} password '${password}'`);
    // As the end of an idle time would: the next statement needs a new connection.
    await query(
      database.direct,
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`,
    );
  };

  beforeEach(async () => {
    database = await createTestDatabase();
    role = `rotating_${new URL(database.url).pathname.slice(-8)}`;
    await query(database.direct, `create role ${role} login password 'first-secret' superuser`);
  });
  afterEach(async () => {
    await database.drop();
    await administer(await realPostgres(), `drop role ${role}`);
  });

  test('is read again from its file, and no run is lost', async () => {
    write('first-secret');
    const worker = startWorker({
      CONFLUENCE_BASE_URL: site.url,
      DATABASE_URL_FILE: secret(),
      SYNC_CRON: '*/2 * * * * *',
    });
    await worker.said('run finished');
    await change('second-secret');
    await until(() => worker.log.find(({ code }) => code === '28P01'));
    write('second-secret');
    await worker.said('the database refused the password, and is asked with a new one');
    const runs = worker.log.filter(({ msg }) => msg === 'run finished').length;
    await worker.said('run finished', runs + 2);

    expect((await worker.get('/readyz')).status).toBe(200);
    const { code, stderr } = await worker.end('SIGTERM');
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/(first|second)-secret/)]);
  });

  test('is found at the next start; one that was never right ends it with 78 and is not repeated', async () => {
    write('wrong-secret');
    const refused = await runCli(['status'], { DATABASE_URL_FILE: secret() });
    expect([refused.code, refused.stderr]).toEqual([78, expect.stringMatching(/28P01.*password/)]);
    expect(refused.stderr).not.toContain('wrong-secret');

    write('first-secret');
    expect((await ask(['status'], { DATABASE_URL_FILE: secret() })).code).toBe(0);
  });
});

describe('D34 a server that wants TLS', () => {
  let cluster: OwnCluster;
  const certificates = join(import.meta.dirname, '..', '..', 'unit', 'confluence', 'certificates');
  const certificate = (name: string) => join(certificates, `${name}.pem`);
  const address = (options: string) => `${cluster.url}?${options}`;
  const status = (options: string) => runCli(['status'], { DATABASE_URL: address(options) });
  /** Gives the server another certificate. */
  const present = (name: string) => {
    const { uid, gid } = statSync(join(cluster.home, 'data'));
    for (const [from, to] of [
      [`${name}.pem`, 'server.crt'],
      [`${name}.key`, 'server.key'],
    ] as const) {
      const target = join(cluster.home, 'tls', to);
      copyFileSync(join(certificates, from), target);
      chownSync(target, uid, gid);
      // A checkout knows no modes but one, and a server takes no key that others may read.
      chmodSync(target, 0o600);
    }
    cluster.control('reload');
  };

  beforeAll(async () => {
    cluster = await startOwnCluster('tls');
    mkdirSync(join(cluster.home, 'tls'), { mode: 0o755 });
    expect((await ask(['migrate'], { DATABASE_URL: cluster.url })).code).toBe(0);
  });
  afterAll(() => {
    cluster.remove();
  });

  test('and has none: asking for it ends with 78 at once', async () => {
    const { code, stderr } = await status('sslmode=require');

    expect([code, stderr]).toEqual([78, expect.stringMatching(/the database offers no TLS, and sslmode/)]);
  });

  test('is used when it proves who it is, under any name of verification, and never without', async () => {
    present('good');
    for (const [setting, value] of Object.entries({ cert: 'server.crt', key: 'server.key' }))
      await administer(
        cluster.url,
        `alter system set ssl_${setting}_file = '${join(cluster.home, 'tls', value)}'`,
      );
    await administer(cluster.url, 'alter system set ssl = on');
    cluster.control('reload');
    await until(async () => {
      const [row] = await query<{ ssl: string }>(cluster.url, `select current_setting('ssl') as ssl`);
      return row?.ssl === 'on' ? true : undefined;
    });

    for (const mode of ['require', 'verify-ca', 'verify-full']) {
      const trusting = { DATABASE_URL: address(`sslmode=${mode}&sslrootcert=${certificate('good')}`) };
      expect([mode, await ask(['status'], trusting)]).toMatchObject([mode, { code: 0, stderr: '' }]);
    }
    const synced = await sync(site, address(`sslmode=verify-full&sslrootcert=${certificate('good')}`));
    expect([synced.code, wordsOf(synced)]).toEqual([0, '']);
  });

  test.each([
    ['without its authority', () => 'sslmode=require', /DEPTH_ZERO_SELF_SIGNED_CERT.*sslrootcert/],
    [
      'with another authority',
      () => `sslmode=verify-full&sslrootcert=${certificate('stranger')}`,
      /could not prove who it is \(.*\).*sslrootcert/,
    ],
    [
      'with a file that is not there',
      () => 'sslmode=verify-full&sslrootcert=/nowhere.pem',
      /cannot be read \(ENOENT\)/,
    ],
  ])('%s it ends with 78 at once, in words that help', async (_how, options, says) => {
    const { code, stderr } = await status(options());

    expect([code, stderr]).toEqual([78, expect.stringMatching(says)]);
    expect(stderr).not.toContain('tests:test');
  });

  test('with a certificate of another host it ends with 78', async () => {
    present('stranger');

    const { code, stderr } = await status(`sslmode=require&sslrootcert=${certificate('stranger')}`);

    expect([code, stderr]).toEqual([78, expect.stringMatching(/ERR_TLS_CERT_ALTNAME_INVALID.*its host/)]);
  });

  test('and takes nobody without it: ends with 78', async () => {
    const rules = join(cluster.home, 'data', 'pg_hba.conf');
    writeFileSync(rules, readFileSync(rules, 'utf8').replace(/^host\b/gm, 'hostssl'));
    cluster.control('reload');

    const refused = await until(async () => {
      const result = await ask(['status'], { DATABASE_URL: cluster.url });
      return result.code === 0 ? undefined : result;
    });

    expect([refused.code, refused.stderr]).toEqual([78, expect.stringMatching(/28000: .*no encryption/)]);
  });
});
