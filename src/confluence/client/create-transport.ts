import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import axios, { type AxiosProxyConfig, type RawAxiosResponseHeaders } from 'axios';
import { WrongConfiguration } from '../../sync/errors.ts';
import type { ConfluenceSettings } from '../confluence-settings.ts';
import { pathAndQuery, type ApiRequest } from './api-request.ts';
import type { Exchange } from './exchange.ts';
import { codeOf, faultOf } from './fault-of.ts';
import { bypassesProxy } from './no-proxy.ts';
import { stopped } from './stopped.ts';

/** Sends one request once. Throws only when the signal aborts; every other failure is a value. */
export interface Transport {
  send(request: ApiRequest, authorization: string | null, signal: AbortSignal): Promise<Exchange>;
  /** Posts JSON without credentials of its own: for signing in. */
  post(url: URL, json: string, signal: AbortSignal): Promise<Exchange>;
  /** Closes idle connections. */
  close(): void;
}

/** The settings that sending needs. */
export type TransportSettings = Pick<
  ConfluenceSettings,
  'concurrency' | 'timeoutMs' | 'maxBodyBytes' | 'ca' | 'proxy' | 'noProxy'
>;

type Outgoing = Readonly<{
  method: 'get' | 'post';
  root: string;
  path: string;
  json?: string;
  headers: Readonly<Record<string, string>>;
}>;

/**
 * Makes the one place that speaks HTTP. It follows no redirect, reads no proxy from the environment, checks certificates
 * whatever the environment says, ends a request after `timeoutMs` body included, and keeps at most `maxBodyBytes`.
 */
export function createTransport(settings: TransportSettings): Transport {
  const agents = createAgents(settings);
  const proxy = parseProxy(settings.proxy);
  const client = axios.create({
    ...agents,
    allowAbsoluteUrls: false,
    maxRedirects: 0,
    responseType: 'stream',
    validateStatus: () => true,
    transformResponse: [],
  });
  const exchange = async (outgoing: Outgoing, signal: AbortSignal): Promise<Exchange> => {
    const { method, root, path, json, headers } = outgoing;
    const deadline = startDeadline(settings.timeoutMs, signal);
    try {
      const response = await client.request<Readable>({
        method,
        url: path,
        baseURL: root,
        data: json,
        signal: deadline.signal,
        proxy: proxyFor(new URL(root), proxy, settings.noProxy),
        headers: { Accept: 'application/json', 'User-Agent': 'confluence-sync', ...headers },
      });
      return await receive(
        response.status,
        headersOf(response.headers),
        response.data,
        deadline.signal,
        settings,
      );
    } catch (error) {
      // The error holds the request's headers and body: only its code leaves this block.
      if (signal.aborted) throw stopped(signal);
      if (deadline.signal.aborted) return { kind: 'fault', fault: 'timeout', code: 'timeout' };
      const code = codeOf(error);
      return { kind: 'fault', fault: faultOf(code), code };
    } finally {
      deadline.end();
    }
  };
  return {
    send: (request, authorization, signal) => {
      const headers = authorization === null ? {} : { Authorization: authorization };
      return exchange({ method: 'get', root: request.root, path: pathAndQuery(request), headers }, signal);
    },
    post: ({ origin, pathname }, json, signal) => {
      const headers = { 'Content-Type': 'application/json' };
      return exchange({ method: 'post', root: origin, path: pathname, json, headers }, signal);
    },
    close: () => {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

function createAgents(settings: TransportSettings) {
  const keep = { keepAlive: true, maxSockets: settings.concurrency };
  // Given explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch verification off.
  const tls = { ...keep, rejectUnauthorized: true };
  return {
    httpAgent: new http.Agent(keep),
    httpsAgent: new https.Agent(
      settings.ca === null ? tls : { ...tls, ca: [...rootCertificates, settings.ca] },
    ),
  };
}

function parseProxy(address: string | null): AxiosProxyConfig | null {
  if (address === null) return null;
  const text = address.includes('://') ? address : `http://${address}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new WrongConfiguration('HTTPS_PROXY is not an http or https address such as http://proxy:3128');
  return {
    protocol: url.protocol,
    host: url.hostname,
    port: Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port),
    ...(url.username !== '' && {
      auth: { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
    }),
  };
}

function proxyFor(
  url: URL,
  proxy: AxiosProxyConfig | null,
  noProxy: string | null,
): AxiosProxyConfig | false {
  if (proxy === null || url.protocol !== 'https:' || bypassesProxy(url, noProxy)) return false;
  return proxy;
}

// Not AbortSignal.any: its follow-up signals stay attached to the run's signal for the whole run on Node 20.
function startDeadline(timeoutMs: number, signal: AbortSignal) {
  const controller = new AbortController();
  const abort = () => {
    controller.abort();
  };
  const timeout = AbortSignal.timeout(timeoutMs);
  const ends = [timeout, signal];
  for (const end of ends) end.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  const end = () => {
    for (const source of ends) source.removeEventListener('abort', abort);
  };
  return { signal: controller.signal, end };
}

function headersOf(headers: RawAxiosResponseHeaders): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(headers) as [string, unknown][]) {
    if (typeof value === 'string') texts.set(name.toLowerCase(), value);
    else if (Array.isArray(value)) texts.set(name.toLowerCase(), value.join(', '));
  }
  return texts;
}

async function receive(
  status: number,
  headers: ReadonlyMap<string, string>,
  stream: Readable,
  signal: AbortSignal,
  settings: TransportSettings,
): Promise<Exchange> {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  // What the client undid is gone from the headers; what is left is chained or unknown, and a way to build a bomb.
  if (encoding !== '' && encoding !== 'identity') {
    stream.destroy();
    return { kind: 'fault', fault: 'encoding', code: 'content_encoding' };
  }
  const body = await readUpTo(stream, settings.maxBodyBytes, signal);
  if (body === null) return { kind: 'fault', fault: 'too_large', code: 'too_large' };
  return { kind: 'answer', status, headers, body };
}

async function readUpTo(stream: Readable, most: number, signal: AbortSignal): Promise<Uint8Array | null> {
  const cut = () => stream.destroy(new Error('cut off'));
  signal.addEventListener('abort', cut, { once: true });
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      // Leaving the loop destroys the stream and with it the connection.
      if (size > most) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    signal.removeEventListener('abort', cut);
  }
}
