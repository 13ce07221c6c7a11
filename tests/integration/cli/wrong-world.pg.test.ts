import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import type { SampleSite } from '../../../src/sample-site/sample-site.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';
import { runCli } from '../../support/run-cli.ts';
import { realClock } from '../../support/test-clock.ts';

const TOKEN = 'canary+token/4711=';
const USER = 'canary@example.com';
const FORMS = [
  TOKEN,
  encodeURIComponent(TOKEN),
  ...[TOKEN, `${USER}:${TOKEN}`].map((text) => Buffer.from(text).toString('base64')),
];

const servers: Server[] = [];
const sites: SampleSite[] = [];
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  await Promise.all(sites.splice(0).map((site) => site.close()));
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function sampleSite(...faults: string[]): Promise<string> {
  const site = createSampleSite({ deployment: 'cloud', pages: 600, spaces: 2, faults, clock: realClock });
  sites.push(site);
  return (await site.listen(0)).url;
}

async function sync(environment: Record<string, string>, ...args: string[]) {
  const result = await runCli(['sync', ...args], {
    CONFLUENCE_EMAIL: USER,
    CONFLUENCE_API_TOKEN: TOKEN,
    DATABASE_URL: database.url,
    ...environment,
  });
  const said = result.stdout + result.stderr;
  for (const form of FORMS) expect(said).not.toContain(form);
  expect(said).not.toMatch(/^\s+at .+:\d+:\d+/m);
  return result;
}

/** The one message for a person: the last line of stderr that is ours. */
function messageOf({ stderr }: { stderr: string }): string {
  const ours = stderr.split('\n').filter((line) => line.startsWith('confluence-sync: '));
  expect(ours).toHaveLength(1);
  return stderr.slice(stderr.indexOf('confluence-sync: '));
}

describe('what goes wrong ends with its exit code and one message', () => {
  test('five wrong settings are named at once', async () => {
    const result = await sync({
      CONFLUENCE_BASE_URL: 'nowhere at all',
      CONFLUENCE_CONCURRENCY: 'many',
      CONFLUENCE_ARCHIVED: 'maybe',
      DATABASE_URL: 'mysql://canary:canary@localhost/x',
      QUARANTINE_MAX_SHARE: '15%',
    });

    expect(result.code).toBe(78);
    for (const name of ['BASE_URL', 'CONCURRENCY', 'ARCHIVED', 'DATABASE_URL', 'QUARANTINE_MAX_SHARE'])
      expect(messageOf(result)).toContain(name);
  });

  test('an unknown option', async () => {
    const result = await sync({}, '--quick');

    expect(result.code).toBe(64);
    expect(result.stderr).toContain('--quick');
  });

  test('an unknown command', async () => {
    expect((await runCli(['snyc'], {})).code).toBe(64);
  });

  test('a refused token', async () => {
    const result = await sync({ CONFLUENCE_BASE_URL: await sampleSite('unauthorized') });

    expect(result.code).toBe(77);
    expect(messageOf(result)).toMatch(/credentials|token/i);
  });

  test('a login page with status 200', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><form>Log in</form></html>');
    });

    expect((await sync({ CONFLUENCE_BASE_URL: url })).code).toBe(77);
  });

  test('a login page with status 200 in the middle of a run deletes nothing', async () => {
    const result = await sync({ CONFLUENCE_BASE_URL: await sampleSite('login_page:path=/pages') });

    expect(result.code).toBe(77);
  });

  test('a redirect to another host is not followed', async () => {
    let asked = 0;
    const other = await serve((_request, response) => {
      asked++;
      response.end('{}');
    });
    const url = await serve((_request, response) => {
      response.writeHead(302, { location: `${other}/somewhere` }).end();
    });

    const result = await sync({ CONFLUENCE_BASE_URL: url });

    expect(result.code).toBe(78);
    expect(messageOf(result)).toContain(other);
    expect(asked).toBe(0);
  });

  test('a next link to another host is not followed', async () => {
    let asked = 0;
    const other = await serve((_request, response) => {
      asked++;
      response.end('{}');
    });

    const result = await sync({
      CONFLUENCE_BASE_URL: await sampleSite(`foreign_next:host=${new URL(other).host}`),
    });

    expect(result.code).toBe(78);
    expect(messageOf(result)).toContain(new URL(other).host);
    expect(asked).toBe(0);
  });

  test('a dead port', async () => {
    const result = await sync({ CONFLUENCE_BASE_URL: 'http://127.0.0.1:9', CONFLUENCE_DEPLOYMENT: 'cloud' });

    expect(result.code).toBe(69);
    expect(messageOf(result)).toContain('127.0.0.1:9');
  });

  test('a dead database', async () => {
    const result = await sync({
      CONFLUENCE_BASE_URL: await sampleSite(),
      DATABASE_URL: 'postgres://me:canarypw@127.0.0.1:9/nothing',
    });

    expect(result.code).toBe(69);
    expect(messageOf(result)).toMatch(/database/i);
    expect(result.stderr).not.toContain('canarypw');
  });
});

test('every command has help, on stdout, with exit code 0', async () => {
  for (const args of [[], ['sync'], ['check'], ['migrate'], ['status'], ['failures'], ['sample-site']]) {
    const { code, stdout } = await runCli([...args, '--help'], {});

    expect([args, code]).toEqual([args, 0]);
    expect(stdout).toContain('Usage: confluence-sync');
  }
});
