import type { ChildProcess } from 'node:child_process';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSampleSite } from '../../src/sample-site/create-sample-site.ts';
import type { SampleSite } from '../../src/sample-site/sample-site.ts';
import { databaseParts } from '../support/database-parts.ts';
import { query } from '../support/mirror.ts';
import { createTestDatabase, type TestDatabase } from '../support/real-postgres.ts';
import { startCli, type CliResult } from '../support/run-cli.ts';

let site: SampleSite;
let database: TestDatabase;
let front: Server;
let running: ChildProcess | null = null;
/** The page whose request kills the program, by no signal that it could hear. */
let killer: string | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
  site = createSampleSite({ deployment: 'cloud', pages: 60, spaces: 2, clock: databaseParts.clock });
  const behind = new URL((await site.listen(0)).url);
  front = createServer((incoming, outgoing) => {
    if (killer !== null && new RegExp(`[/=,]${killer}\\b`).test(decodeURIComponent(incoming.url ?? ''))) {
      running?.kill('SIGKILL');
      return;
    }
    const { method, headers, url: path } = incoming;
    const passed = request({ host: behind.hostname, port: behind.port, method, headers, path }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  front.closeAllConnections();
  front.close();
  await site.close();
  await database.drop();
});

async function sync(): Promise<CliResult> {
  const { port } = front.address() as AddressInfo;
  const { child, ended } = startCli(['sync', '--mode', 'full'], {
    CONFLUENCE_BASE_URL: `http://127.0.0.1:${port}/wiki`,
    CONFLUENCE_ACCESS_TOKEN: 'tests-token',
    DATABASE_URL: database.url,
  });
  running = child;
  return await ended;
}

const failures = () => query(database.url, 'select page_id, code, stage from confluence_sync_failures');

test('P6 a page over which three workers died waits in quarantine, and every other page is up to date', async () => {
  expect((await sync()).code).toBe(0);
  const ids = [...site.pages()].map(({ id }) => id);
  for (const id of ids.slice(0, 40)) site.edit.edit(id, `<p>edited ${id}</p>`);
  killer = ids[20] ?? null;

  for (const death of [1, 2, 3]) expect([death, (await sync()).signal]).toEqual([death, 'SIGKILL']);
  expect(await failures()).toEqual([]);
  // It stores all others and puts the page in quarantine before it looks at it once more.
  expect((await sync()).signal).toBe('SIGKILL');

  expect(await failures()).toEqual([{ page_id: killer, code: 'worker_crashed', stage: 'content' }]);
  const [row] = await query(
    database.url,
    `select (count(*) filter (where storage like '<p>edited %'))::int as edited, count(*)::int as pages from confluence_pages
     join confluence_page_bodies on page_id = id`,
  );
  expect(row).toEqual({ edited: 39, pages: 60 });
});

test('it is left alone until it is edited, and then it is stored', async () => {
  expect((await sync()).code).toBe(0);
  expect(await failures()).toHaveLength(1);

  const [healed] = [killer ?? ''];
  killer = null;
  site.edit.edit(healed, '<p>short again</p>');

  expect((await sync()).code).toBe(0);
  expect(await failures()).toEqual([]);
  expect(
    await query(database.url, `select storage from confluence_page_bodies where page_id = '${healed}'`),
  ).toEqual([{ storage: '<p>short again</p>' }]);
});
