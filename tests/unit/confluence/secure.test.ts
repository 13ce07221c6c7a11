import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { ConfluenceUnavailable, WrongConfiguration } from '../../../src/sync/errors.ts';
import { never, startSource, stopSources } from './start-source.ts';

/** Self-signed for this test alone, for the hosts 127.0.0.1 and elsewhere.example.com. */
const folder = join(import.meta.dirname, 'certificates');
const open: (http.Server | https.Server)[] = [];

afterEach(async () => {
  await stopSources();
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function startSecureSite(name: string): Promise<string> {
  const read = (end: string) => readFileSync(join(folder, `${name}.${end}`));
  const server = https.createServer({ key: read('key'), cert: read('pem') }, (_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"type":"known","accountId":"a-1"}');
  });
  return `https://127.0.0.1:${await listen(server)}`;
}

async function listen(server: http.Server | https.Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A proxy that tunnels, or refuses to, and notes what it was asked. */
async function startProxy(status: number) {
  const asked: { target: string; headers: http.IncomingHttpHeaders }[] = [];
  const proxy = http.createServer();
  proxy.on('connect', (request, socket: net.Socket) => {
    asked.push({ target: request.url ?? '', headers: request.headers });
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const upstream = net.connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream]) end.on('error', () => socket.destroy());
  });
  return { port: await listen(proxy), asked };
}

const settings = (baseUrl: string, ca: string | null) => ({
  baseUrl,
  ca: ca === null ? null : readFileSync(join(folder, `${ca}.pem`), 'utf8'),
  deployment: 'datacenter' as const,
});

test('S53 a certificate of a private authority is trusted when it is named', async () => {
  const { source } = await startSource({}, settings(await startSecureSite('good'), 'good'));

  expect(await source.whoAmI(never)).toMatchObject({ kind: 'user', id: 'a-1' });
});

test.each([
  ['unknown', 'good', null],
  ['made for another host', 'stranger', 'stranger'],
])('S53 a certificate that is %s ends as wrong configuration at once', async (_, name, ca) => {
  const { source, clock } = await startSource({}, settings(await startSecureSite(name), ca));

  await expect(source.whoAmI(never)).rejects.toThrow(/CONFLUENCE_CA_FILE/);
  await expect(source.whoAmI(never)).rejects.toBeInstanceOf(WrongConfiguration);
  expect(clock.sleeps).toEqual([]);
});

test('S54 requests go through the proxy, which never sees the credentials', async () => {
  const url = await startSecureSite('good');
  const proxy = await startProxy(200);
  const { source } = await startSource(
    {},
    {
      ...settings(url, 'good'),
      proxy: `http://joe:pw@127.0.0.1:${proxy.port}`,
    },
  );

  expect(await source.whoAmI(never)).toMatchObject({ id: 'a-1' });

  expect(proxy.asked[0]?.target).toBe(new URL(url).host);
  expect(proxy.asked[0]?.headers.authorization).toBeUndefined();
  expect(proxy.asked[0]?.headers['proxy-authorization']).toBe(`Basic ${btoa('joe:pw')}`);
});

test('S54 a host in NO_PROXY is reached without the proxy', async () => {
  const proxy = await startProxy(407);
  const { source } = await startSource(
    {},
    {
      ...settings(await startSecureSite('good'), 'good'),
      proxy: `http://127.0.0.1:${proxy.port}`,
      noProxy: '127.0.0.1',
    },
  );

  expect(await source.whoAmI(never)).toMatchObject({ id: 'a-1' });
  expect(proxy.asked).toEqual([]);
});

test('S54 a proxy that wants a password ends as wrong configuration', async () => {
  const proxy = await startProxy(407);
  const { source } = await startSource(
    {},
    {
      ...settings(await startSecureSite('good'), 'good'),
      proxy: `http://127.0.0.1:${proxy.port}`,
    },
  );

  await expect(source.whoAmI(never)).rejects.toThrow(/HTTPS_PROXY/);
});

test('S54 a proxy that is not there ends as unavailable', async () => {
  const { source } = await startSource(
    {},
    {
      ...settings(await startSecureSite('good'), 'good'),
      proxy: 'http://127.0.0.1:1',
    },
  );

  await expect(source.whoAmI(never)).rejects.toBeInstanceOf(ConfluenceUnavailable);
});
