import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { record } from '../../contract/page-store-values.ts';
import { ask, loadInto, parsedLines } from '../../integration/cli/asking.ts';
import { query, truthOf } from '../../support/mirror.ts';
import {
  administer,
  createTestDatabase,
  realPostgres,
  type ServerDatabase,
} from '../../support/real-postgres.ts';
import { runCli } from '../../support/run-cli.ts';
import { expectWhole, startSite, sync, type ListeningSite } from './synced-mirror.ts';

let database: ServerDatabase;
let site: ListeningSite;

beforeAll(async () => {
  site = await startSite(30);
});
afterAll(() => site.close());
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const settings = (url = database.url) => ({
  CONFLUENCE_BASE_URL: site.url,
  CONFLUENCE_ACCESS_TOKEN: 'tests-token',
  DATABASE_URL: url,
});

describe('D35 numbers that no double can hold, and that texts order otherwise', () => {
  /** Where a number gets a digit more, and where a double ends. */
  const edges = [9n, 99n, 999_999n, 2n ** 31n, 2n ** 53n - 1n, 2n ** 53n, 10n ** 18n - 1n];
  const starts = fc
    .tuple(fc.constantFrom(...edges), fc.integer({ min: -2, max: 2 }))
    .map(([edge, by]) => edge + BigInt(by));

  test('the feed goes on after each of them, and none comes twice or never', async () => {
    await fc.assert(
      fc.asyncProperty(starts, async (start) => {
        await query(
          database.url,
          'truncate confluence_pages, confluence_page_bodies, confluence_page_changes',
        );
        await query(database.url, `alter table confluence_page_changes alter seq restart with ${start}`);
        await loadInto(database.url, { records: ['1', '2', '3', '4'].map((id) => record(id)) });

        const seen: string[] = [];
        for (let after = '0'; seen.length < 10; after = seen.at(-1) ?? '') {
          const { stdout } = await ask(['changes', '--after', after, '--limit', '1'], settings());
          const [row] = parsedLines(stdout);
          if (row === undefined) break;
          seen.push(String(row['seq']));
        }

        expect(seen).toEqual([0n, 1n, 2n, 3n].map((step) => String(start + step)));
      }),
      { numRuns: 15 },
    );
  });

  test('a reader is behind what was removed by its number, not by its text', async () => {
    await query(database.url, 'alter table confluence_page_changes alter seq restart with 10');
    await loadInto(database.url, { records: [record('1')] });
    await query(database.url, 'update confluence_sync_state set changes_removed_to = 9');

    expect(await ask(['changes', '--after', '9'], settings())).toMatchObject({ code: 0 });
    expect(await ask(['changes', '--after', '8'], settings())).toMatchObject({ code: 65 });
    await query(database.url, `update confluence_sync_state set changes_removed_to = ${2n ** 53n + 1n}`);
    expect(await ask(['changes', '--after', String(2n ** 53n)], settings())).toMatchObject({ code: 65 });
    expect(await ask(['changes', '--after', String(2n ** 53n + 1n)], settings())).toMatchObject({ code: 0 });
  });
});

test('D36 whatever the defaults of database and role, times, texts and order are the same', async () => {
  const name = new URL(database.url).pathname.slice(1);
  const odd = {
    timezone: `'Asia/Kathmandu'`,
    datestyle: `'German, DMY'`,
    intervalstyle: `'sql_standard'`,
    search_path: `'nowhere'`,
    default_transaction_isolation: `'serializable'`,
    default_transaction_deferrable: 'on',
    standard_conforming_strings: 'off',
    extra_float_digits: '-5',
    bytea_output: `'escape'`,
    xmloption: `'content'`,
    quote_all_identifiers: 'on',
    array_nulls: 'on',
    client_min_messages: `'debug1'`,
  };
  for (const [setting, value] of Object.entries(odd))
    await administer(database.direct, `alter database ${name} set ${setting} = ${value}`);

  // Who looks at it from outside does not want these defaults.
  const usual = new URL(database.direct);
  usual.searchParams.set('options', '-c search_path=public -c timezone=UTC -c datestyle=ISO');
  await expectWhole(await sync(site, database.url), site, usual.href);
  await expectWhole(await sync(site, database.url), site, usual.href);
  const [page] = truthOf(site);
  const { code, stdout } = await ask(['pages', page?.id ?? '', '--json'], settings());
  expect([code, parsedLines(stdout)]).toMatchObject([0, [{ last_updated: page?.lastUpdated.toISOString() }]]);
  expect((await ask(['check'], settings())).code).toBe(0);
});

test.each(['LATIN1', 'SQL_ASCII'])(
  'D37 a database that keeps text as %s is refused with 78',
  async (encoding) => {
    const name = `odd_${encoding.toLowerCase()}_${new URL(database.url).pathname.slice(-8)}`;
    const server = await realPostgres();
    await administer(
      server,
      `create database ${name} encoding '${encoding}' template template0 lc_collate 'C' lc_ctype 'C'`,
    );
    const url = new URL(server);
    url.pathname = `/${name}`;
    try {
      const { code, stderr } = await runCli(['sync'], settings(url.href));

      const says = `the database keeps text as ${encoding}: create one with encoding UTF8`;
      expect([code, stderr]).toEqual([78, expect.stringContaining(says)]);
      expect(await query(url.href, `select relname from pg_class where relname like 'confluence%'`)).toEqual(
        [],
      );
    } finally {
      await administer(server, `drop database ${name} with (force)`);
    }
  },
);
