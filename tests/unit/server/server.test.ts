import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createApp } from '../../../src/server/create-app.ts';
import { createReadiness, type Check } from '../../../src/server/create-readiness.ts';
import { startServer, type RunningServer } from '../../../src/server/start-server.ts';
import { WrongConfiguration } from '../../../src/sync/errors.ts';
import { quietLog, realClock } from '../../support/test-clock.ts';

const servers: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

type Options = Readonly<{
  host?: string;
  token?: string;
  checks?: Readonly<Record<string, Check>>;
  metrics?: () => Promise<{ type: string; text: string }>;
}>;

async function serve(options: Options = {}): Promise<number> {
  const { host = '127.0.0.1', token = null, checks = {} } = options;
  const app = createApp({
    admission: { host, token },
    readiness: createReadiness(checks, realClock),
    metrics: options.metrics ?? (() => Promise.resolve({ type: 'text/plain', text: 'a_metric 1\n' })),
    log: quietLog,
  });
  const server = await startServer(app, '127.0.0.1', 0);
  servers.push(server);
  return server.port;
}

type Reply = Readonly<{ status: number; body: string; headers: IncomingHttpHeaders }>;

function ask(
  port: number,
  path: string,
  options: Readonly<{ method?: string; headers?: Record<string, string>; body?: string }> = {},
): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

describe('the routes', () => {
  test('/livez answers although the database does not', async () => {
    const port = await serve({ checks: { database: () => new Promise(() => undefined) } });

    expect((await ask(port, '/livez')).status).toBe(200);
    expect((await ask(port, '/livez', { method: 'HEAD' })).status).toBe(200);
  });

  test('/readyz says why the worker is not ready', async () => {
    const checks = {
      database: () => Promise.resolve('database: not open yet'),
      credentials: () => Promise.resolve(null),
    };
    const port = await serve({ checks });

    const { status, body } = await ask(port, '/readyz');

    expect(status).toBe(503);
    expect(JSON.parse(body)).toEqual({ ready: false, reasons: ['database: not open yet'] });
  });

  test('/readyz is ready when nothing is wrong', async () => {
    const port = await serve({ checks: { database: () => Promise.resolve(null) } });

    expect(await ask(port, '/readyz')).toMatchObject({ status: 200, body: '{"ready":true,"reasons":[]}' });
  });

  test('/readyz tells nothing of what a failing check threw', async () => {
    const port = await serve({
      checks: { database: () => Promise.reject(new Error('canary at db.internal')) },
    });

    const { status, body } = await ask(port, '/readyz');

    expect(status).toBe(503);
    expect(body).not.toContain('canary');
    expect(JSON.parse(body)).toEqual({ ready: false, reasons: ['database: failed'] });
  });

  test('/readyz gives up on a database that hangs', async () => {
    const port = await serve({ checks: { database: () => new Promise(() => undefined) } });

    expect(await ask(port, '/readyz')).toMatchObject({
      status: 503,
      body: '{"ready":false,"reasons":["database: no answer in time"]}',
    });
  });

  test('a hundred at once cost the database one question', async () => {
    let asked = 0;
    const database = async () => {
      asked++;
      await realClock.sleep(100, new AbortController().signal);
      return null;
    };
    const port = await serve({ checks: { database } });

    const replies = await Promise.all(Array.from({ length: 100 }, () => ask(port, '/readyz')));

    expect(replies.every(({ status }) => status === 200)).toBe(true);
    expect(asked).toBe(1);
  });

  test('/metrics answers in its own type', async () => {
    const { headers, body } = await ask(await serve(), '/metrics');

    expect(headers['content-type']).toBe('text/plain');
    expect(body).toBe('a_metric 1\n');
  });

  test('P18 a handler that throws answers 500 without its reason, and the server lives', async () => {
    const port = await serve({ metrics: () => Promise.reject(new Error('canary')) });

    const { status, body } = await ask(port, '/metrics');

    expect([status, body]).toEqual([500, '{"error":"the request failed"}']);
    expect((await ask(port, '/livez')).status).toBe(200);
  });

  test.each(['/', '/livez/', '/metrics/..%2f..', '/admin', '//evil.example', '/livez%00', '/constructor'])(
    'no route is at %s',
    async (path) => {
      expect((await ask(await serve(), path)).status).toBe(404);
    },
  );
});

describe('who is let in', () => {
  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('no method %s', async (method) => {
    const { status, headers } = await ask(await serve(), '/readyz', { method });

    expect(status).toBe(405);
    expect(headers['allow']).toBe('GET, HEAD');
  });

  test('no body', async () => {
    const port = await serve();

    const headers = { 'content-length': '5' };
    expect((await ask(port, '/readyz', { headers, body: 'hello' })).status).toBe(413);
    expect(
      (await ask(port, '/readyz', { headers: { 'transfer-encoding': 'chunked' }, body: 'x' })).status,
    ).toBe(413);
  });

  test('only with the token, but for /livez', async () => {
    const port = await serve({ token: 'canary-token' });
    const withHeader = (authorization: string) => ask(port, '/readyz', { headers: { authorization } });

    expect((await ask(port, '/livez')).status).toBe(200);
    for (const path of ['/readyz', '/metrics', '/nowhere']) expect((await ask(port, path)).status).toBe(401);
    for (const wrong of [
      'Bearer canary-toke',
      'Bearer canary-token2',
      'Bearer ',
      'Basic canary-token',
      'canary-token',
    ])
      expect((await withHeader(wrong)).status).toBe(401);
    expect((await withHeader('Bearer canary-token')).status).toBe(200);
    expect((await withHeader('bearer canary-token')).status).toBe(200);
  });

  test.each([
    ['evil.example', 403],
    ['evil.example:8080', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost.evil.example', 403],
    ['10.0.0.1', 403],
    ['localhost', 200],
    ['LOCALHOST:1', 200],
    ['127.0.0.1:99', 200],
    ['[::1]:80', 200],
  ])('on loopback the Host header %s gets %d', async (host, status) => {
    expect((await ask(await serve(), '/livez', { headers: { host } })).status).toBe(status);
  });

  test('elsewhere any Host header is right: the token decides', async () => {
    const port = await serve({ host: '0.0.0.0', token: 'canary-token' });

    expect((await ask(port, '/livez', { headers: { host: 'worker.example' } })).status).toBe(200);
    expect((await ask(port, '/readyz', { headers: { host: 'worker.example' } })).status).toBe(401);
  });
});

test('P24 a port in use is a wrong configuration', async () => {
  const port = await serve();
  const app = createApp({
    admission: { host: '127.0.0.1', token: null },
    readiness: createReadiness({}, realClock),
    metrics: () => Promise.resolve({ type: '', text: '' }),
    log: quietLog,
  });

  await expect(startServer(app, '127.0.0.1', port)).rejects.toThrow(WrongConfiguration);
  await expect(startServer(app, '127.0.0.1', port)).rejects.toThrow(`port ${port}`);
});

test('P25 clients that never finish their headers are cut off while others are served', async () => {
  const port = await serve();
  const slow = Array.from({ length: 100 }, () => connect(port, '127.0.0.1'));
  const cut = slow.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  for (const socket of slow) socket.on('error', () => undefined).write('GET /livez HTTP/1.1\r\nhost: local');

  expect((await ask(port, '/livez')).status).toBe(200);
  for (const socket of slow) socket.resume();
  await Promise.all(cut);
  expect((await ask(port, '/livez')).status).toBe(200);
}, 20_000);
