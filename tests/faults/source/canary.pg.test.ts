import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Output } from '../../../src/cli/context.ts';
import { runProgram } from '../../../src/cli/run-program.ts';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import { faultGroups } from '../../../src/sample-site/faults/faults.ts';
import type { SampleSite } from '../../../src/sample-site/sample-site.ts';
import { findCanaries } from '../../support/canary.ts';
import { query } from '../../support/mirror.ts';
import { quickClock } from '../../support/quick-clock.ts';
import { createTestDatabase, type TestDatabase } from '../../support/real-postgres.ts';
import { runCli } from '../../support/run-cli.ts';
import { realClock } from '../../support/test-clock.ts';
import { startWorker } from '../../unit/worker/start-worker.ts';

const USER = 'ada.canary@example.com';
/** Each is odd in its own way, and none is a part of another. */
const canaries = {
  CONFLUENCE_API_TOKEN: 'aviary-api/x7+=%"\\q tok',
  CONFLUENCE_ACCESS_TOKEN: 'aviary-pat/x8+=%"\\q',
  CONFLUENCE_OAUTH_CLIENT_SECRET: 'aviary-oauth/x9+=%q',
  HTTP_TOKEN: 'aviary-http-x10',
  WEBHOOK: 'aviary-hook-x11-T00000000',
  DATABASE: 'aviary-database-x12',
  PROXY: 'aviary-proxy-x13',
} as const;
const clock = quickClock(1000);

type Settings = Readonly<Record<string, string>>;
const signIns: Readonly<Record<string, Settings>> = {
  basic: { CONFLUENCE_EMAIL: USER, CONFLUENCE_API_TOKEN: canaries.CONFLUENCE_API_TOKEN },
  bearer: { CONFLUENCE_ACCESS_TOKEN: canaries.CONFLUENCE_ACCESS_TOKEN },
  oauth: {
    CONFLUENCE_OAUTH_CLIENT_ID: 'canary-client',
    CONFLUENCE_OAUTH_CLIENT_SECRET: canaries.CONFLUENCE_OAUTH_CLIENT_SECRET,
  },
};

let database: TestDatabase;
const endings: (() => unknown)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
}, 120_000);
afterAll(async () => {
  await database.drop();
});
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

function collector() {
  const texts: string[] = [];
  const output: Output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      texts.push(chunk.toString());
      done();
    },
  });
  return { output, text: () => texts.join('') };
}

/** Runs a command in this process and gives everything it printed. Secrets are read from files where `files` says so. */
async function run(args: readonly string[], settings: Settings, files = false): Promise<string> {
  const { output, text } = collector();
  const names = Object.keys(settings).filter(
    (name) => files && (name in canaries || name === 'DATABASE_URL'),
  );
  const environment = Object.fromEntries(
    Object.entries(settings).map(([name, value]) =>
      names.includes(name) ? [`${name}_FILE`, name] : [name, value],
    ),
  );
  const context = {
    environment: { LOG_LEVEL: 'trace', LOG_FORMAT: 'json', CONFLUENCE_TIMEOUT_MS: '300', ...environment },
    readFile: (path: string) => settings[path] ?? '',
    clock,
    random: Math.random,
    stop: new AbortController().signal,
    out: output,
    err: output,
    exit: { code: 0 },
  };
  const code = await runProgram(args, context, '0.0.0');
  return `${text()}\nexit ${code}`;
}

async function everythingStored(): Promise<string> {
  const tables = [
    'pages',
    'page_bodies',
    'page_changes',
    'sync_failures',
    'sync_runs',
    'sync_spaces',
    'sync_state',
  ];
  const rows: unknown[] = [];
  for (const table of tables)
    rows.push(await query(database.url, `select row_to_json(t)::text as row from confluence_${table} t`));
  return JSON.stringify(rows);
}

async function forget(): Promise<void> {
  await query(
    database.url,
    `truncate confluence_pages, confluence_page_bodies, confluence_page_changes, confluence_sync_failures,
       confluence_sync_runs, confluence_sync_spaces cascade`,
  );
  await query(
    database.url,
    'update confluence_sync_state set base_url = null, cloud_id = null, deployment = null',
  );
}

const leaksIn = (text: string) => findCanaries(text, canaries, [USER, 'canary-client']);

const faultNames = faultGroups.flatMap(({ faults }) => Object.keys(faults));

describe.each([
  ['cloud', 'basic', 0],
  ['cloud', 'oauth', 1],
  ['datacenter', 'bearer', 2],
] as const)('a %s site, signed in by %s', (deployment, signIn, turn) => {
  test('no fault of the site brings a credential into output, log or database', async () => {
    await forget();
    const site = createSampleSite({ deployment, pages: 12, spaces: 2, faults: [], clock: realClock });
    endings.push(() => site.close());
    const { url } = await site.listen(0);
    const settings = { CONFLUENCE_BASE_URL: url, DATABASE_URL: database.url, ...signIns[signIn] };
    const leaks: string[] = [];

    const healthy = await run(['sync', '--json'], settings);
    for (const [index, name] of faultNames.filter((_, place) => place % 3 === turn).entries())
      leaks.push(...(await provoke(site, name, settings, index)));
    leaks.push(...leaksIn(await run(['status', '--json'], settings)));
    leaks.push(...leaksIn(await everythingStored()));

    expect(healthy).toContain('exit 0');
    expect(leaks).toEqual([]);
  }, 300_000);
});

/** The commands that speak to the site, under one fault; what leaked, with the fault's name. */
async function provoke(site: SampleSite, name: string, settings: Settings, index: number) {
  site.faults.add(name);
  const commands = [['sync', '--mode', index % 2 === 0 ? 'full' : 'auto', '--json'], ['check']];
  const texts: string[] = [];
  for (const command of commands) texts.push(await run(command, settings, index % 3 === 0));
  site.faults.clear();
  return leaksIn(texts.join('\n')).map((leak) => `${name}: ${leak}`);
}

/** Ways of a server to give back what it was sent, wherever an answer has room for it. */
const echoes: Readonly<Record<string, (sent: string, response: ServerResponse) => void>> = {
  'a 401': (sent, response) => {
    json(response, 401, { code: 401, message: `scope ${sent}` });
  },
  'a 403': (sent, response) => {
    json(response, 403, { message: `not permitted ${sent}` });
  },
  'a 404': (sent, response) => {
    json(response, 404, { message: sent, errors: [{ title: sent, detail: sent }] });
  },
  'a 500': (sent, response) => {
    json(response, 500, { message: sent });
  },
  'a 429': (sent, response) => {
    json(response, 429, { message: sent }, { 'retry-after': sent });
  },
  'a web page': (sent, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${sent}</html>`),
  'a login reason': (sent, response) => {
    json(response, 200, {}, { 'x-seraph-loginreason': sent });
  },
  'a challenge': (sent, response) => {
    json(response, 401, { message: sent }, { 'www-authenticate': sent });
  },
  'a redirect path': (sent, response) => {
    json(response, 302, {}, { location: `/${encodeURIComponent(sent)}` });
  },
  'a redirect host': (sent, response) => {
    json(
      response,
      302,
      {},
      { location: `https://${Buffer.from(sent).toString('hex').slice(0, 60)}.example.net/` },
    );
  },
  'a redirect with a user': (sent, response) => {
    json(response, 302, {}, { location: `https://${encodeURIComponent(sent)}@example.net/` });
  },
  'a broken encoding': (sent, response) => {
    json(response, 200, {}, { 'content-encoding': sent });
  },
  'no JSON': (sent, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(sent),
};

function json(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

/** A site that works as long as `echo` is null, and says who its user is by what it was sent. */
async function startEcho(
  answer: (message: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a request was signed with, as it came and as it was before base64. */
function sentBy(message: IncomingMessage): string {
  const sent = message.headers.authorization ?? '';
  const [, code = ''] = sent.split(' ');
  return sent.startsWith('Basic ') ? `${sent} ${Buffer.from(code, 'base64').toString('latin1')}` : sent;
}

test.each(Object.entries(echoes))(
  'a credential that comes back in %s goes no further',
  async (_name, echo) => {
    await forget();
    const leaks: string[] = [];
    for (const [name, signIn] of Object.entries(signIns)) {
      const url = await startEcho((message, response) => {
        echo(sentBy(message), response);
      });
      const settings = { CONFLUENCE_BASE_URL: url, DATABASE_URL: database.url, ...signIn };
      for (const deployment of ['cloud', 'datacenter'])
        for (const command of [
          ['sync', '--json'],
          ['check', '--json'],
        ])
          leaks.push(
            ...leaksIn(await run(command, { ...settings, CONFLUENCE_DEPLOYMENT: deployment })).map(
              (leak) => `${name}: ${leak}`,
            ),
          );
    }
    leaks.push(...leaksIn(await everythingStored()));

    expect(leaks).toEqual([]);
  },
);

test('a credential that comes back in answers of the right shape goes no further', async () => {
  await forget();
  const url = await startEcho((message, response) => {
    const sent = sentBy(message);
    const path = (message.url ?? '').split('?')[0] ?? '';
    if (path.endsWith('/user/current'))
      json(response, 200, { type: 'known', userKey: sent, accountId: sent, displayName: sent });
    else if (path.endsWith('/server-information')) json(response, 200, { version: sent });
    else if (path.endsWith('/tenant_info')) json(response, 200, { cloudId: sent });
    else if (path.endsWith('/spaces') || path.endsWith('/space'))
      json(response, 200, { results: [{ id: '1', key: 'HR', name: 'People', status: sent }], _links: {} });
    else
      json(response, 200, {
        results: [{ id: '7', title: 'Home', status: sent, version: { number: sent, createdAt: sent } }],
        nextCursor: sent,
        _links: { next: `https://${sent}/` },
      });
  });
  const leaks: string[] = [];

  for (const [name, signIn] of Object.entries(signIns))
    for (const deployment of ['cloud', 'datacenter', 'auto'])
      for (const command of [
        ['sync', '--json'],
        ['check'],
        ['check', '--json'],
        ['status', '--json'],
        ['failures', 'list'],
      ]) {
        const settings = {
          CONFLUENCE_BASE_URL: url,
          DATABASE_URL: database.url,
          CONFLUENCE_DEPLOYMENT: deployment,
          ...signIn,
        };
        leaks.push(
          ...leaksIn(await run(command, settings)).map(
            (leak) => `${name} ${deployment} ${command.join(' ')}: ${leak}`,
          ),
        );
      }
  leaks.push(...leaksIn(await everythingStored()));

  expect(leaks).toEqual([]);
});

test('no trouble with the database or the proxy brings a password into output', async () => {
  const wrong = new URL(database.url);
  const variants = [
    (url: URL) => (url.password = canaries.DATABASE),
    (url: URL) => ([url.password, url.hostname] = [canaries.DATABASE, 'nowhere.invalid']),
    (url: URL) => ([url.password, url.port] = [canaries.DATABASE, '1']),
    (url: URL) => ([url.password, url.pathname] = [canaries.DATABASE, '/no_such_database']),
    (url: URL) => ([url.password, url.username] = [canaries.DATABASE, 'no_such_user']),
    (url: URL) => ([url.password, url.search] = [canaries.DATABASE, '?sslmode=nonsense']),
  ].map((change) => {
    const url = new URL(wrong.href);
    change(url);
    return url.href;
  });
  variants.push(
    `postgres://ada:${canaries.DATABASE}@`,
    `postgres:ada:${canaries.DATABASE}`,
    `mysql://a:${canaries.DATABASE}@x/y`,
    `postgres://a:%zz${canaries.DATABASE}@127.0.0.1:1/x`,
  );
  const proxy = await startEcho((message, response) => {
    json(response, 407, { message: message.headers['proxy-authorization'] });
  });
  const base = { CONFLUENCE_BASE_URL: 'https://people.example.com', ...signIns['basic'] };
  const texts: string[] = [];

  for (const DATABASE_URL of variants)
    for (const command of [['check'], ['sync'], ['status'], ['migrate', 'status']])
      texts.push(await run(command, { ...base, CONFLUENCE_BASE_URL: 'http://127.0.0.1:1', DATABASE_URL }));
  for (const HTTPS_PROXY of [
    proxy.replace('//', `//ada:${canaries.PROXY}@`),
    `http://ada:${canaries.PROXY}@127.0.0.1:1`,
    `ada:${canaries.PROXY}@:x`,
    `socks5://ada:${canaries.PROXY}@127.0.0.1:1`,
  ])
    texts.push(await run(['check'], { ...base, HTTPS_PROXY, DATABASE_URL: database.url }));

  expect(leaksIn(texts.join('\n'))).toEqual([]);
  expect(texts.join('\n')).not.toContain('exit 70');
});

test('settings that are wrong are named without their values', async () => {
  const secrets = Object.fromEntries(
    Object.entries(canaries).map(([name, value]) => [name, `${value}\n${value}`]),
  );
  const text = await run(['start'], {
    ...secrets,
    CONFLUENCE_BASE_URL: `https://ada:${canaries.CONFLUENCE_API_TOKEN}@people.example.com`,
    DATABASE_URL: canaries.DATABASE,
    HTTPS_PROXY: canaries.PROXY,
    NOTIFY_WEBHOOK_URL: `nonsense ${canaries.WEBHOOK}`,
    SYNC_CRON: canaries.HTTP_TOKEN,
  });

  expect(text).toContain('exit 78');
  expect(leaksIn(text)).toEqual([]);
});

test('the real worker keeps its credentials out of log, server, webhook trouble and database', async () => {
  await forget();
  const site = createSampleSite({
    deployment: 'cloud',
    pages: 12,
    spaces: 2,
    faults: ['unauthorized'],
    clock: realClock,
  });
  endings.push(() => site.close());
  const hook = await startEcho((message, response) => {
    json(response, 500, { url: message.url });
  });
  const settings = {
    CONFLUENCE_BASE_URL: (await site.listen(0)).url,
    DATABASE_URL: database.url,
    ...signIns['bearer'],
    HTTP_TOKEN: canaries.HTTP_TOKEN,
    HTTP_PORT: '0',
    NOTIFY_WEBHOOK_URL: `${hook}/services/${canaries.WEBHOOK}?token=${canaries.WEBHOOK}`,
    QUARANTINE_MAX_SHARE: '0',
    LOG_LEVEL: 'trace',
    LOG_FORMAT: 'json',
  };
  const once = await runCli(['sync', '--json'], settings);
  site.faults.clear();
  const worker = startWorker(settings);
  endings.push(() => {
    worker.signal('SIGKILL');
  });
  const { port } = await worker.said('server listening');
  await worker.said('worker started');
  const answers: string[] = [];
  for (const path of ['/livez', '/readyz', '/metrics', '/nowhere', `/${canaries.HTTP_TOKEN}`])
    for (const token of ['', 'wrong', canaries.HTTP_TOKEN]) {
      const answer = await fetch(`http://127.0.0.1:${String(port)}${path}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      answers.push(JSON.stringify([...answer.headers]), await answer.text());
    }
  worker.signal('SIGTERM');
  const { stdout, stderr } = await worker.ended;

  const texts = [once.stdout, once.stderr, stdout, stderr, ...answers, await everythingStored()];
  expect(leaksIn(texts.join('\n'))).toEqual([]);
}, 120_000);
