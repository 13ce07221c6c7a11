import type { Answer } from './answer.ts';
import type { ApiRequest } from './api-request.ts';
import type { Exchange, Fault } from './exchange.ts';
import { saysLoginFailed } from './login-reasons.ts';
import { redirectAnswer } from './redirect-answer.ts';

type Received = Extract<Exchange, { kind: 'answer' }>;

/** Says what one exchange means. Pure; `tries` is how often the request was sent. */
export function readAnswer(exchange: Exchange, request: ApiRequest, tries: number): Answer {
  const { origin } = new URL(request.root);
  if (exchange.kind === 'fault')
    return readFault(exchange.fault, exchange.code, tries, exchange.origin ?? origin);
  const { status, headers, body } = exchange;
  const json = parseJson(body);
  const value = json?.value;
  const signedOut = (reason: string): Answer => ({ kind: 'signed_out', status, value, reason });
  if (saysLoginFailed(headers)) return signedOut('Confluence refused the login (X-Seraph-LoginReason)');
  if (status === 401) return signedOut('Confluence refused the credentials (HTTP 401)');
  if (status === 407) return readFault('proxy', '407', tries, origin);
  if (status === 410)
    return {
      kind: 'misdirected',
      status,
      reason: `Confluence has removed ${request.route} (HTTP 410): check CONFLUENCE_BASE_URL and CONFLUENCE_DEPLOYMENT`,
    };
  if (status >= 300 && status < 400) return redirectAnswer(status, headers.get('location'), request.root);
  if (isFailing(status)) return { kind: 'failing', code: `http_${status}`, tries, origin };
  if (status >= 400) return { kind: 'refused', status, value };
  if (isHtml(exchange))
    return signedOut('an HTML page came where JSON was expected: a login page, or a proxy in between');
  return json === null ? { kind: 'unreadable', code: 'malformed_answer' } : { kind: 'json', ...json };
}

function readFault(fault: Fault, code: string, tries: number, origin: string): Answer {
  switch (fault) {
    case 'too_large':
      return { kind: 'unreadable', code: 'body_too_large' };
    case 'encoding':
      return { kind: 'unreadable', code: 'malformed_answer' };
    case 'tls':
      return {
        kind: 'misdirected',
        status: null,
        reason: `the certificate of Confluence cannot be trusted (${code}): set CONFLUENCE_CA_FILE to the authority that signed it`,
      };
    case 'proxy':
      return {
        kind: 'misdirected',
        status: null,
        reason: 'the proxy refused the connection: check HTTPS_PROXY and NO_PROXY',
      };
    case 'sign_in':
      return {
        kind: 'signed_out',
        status: 401,
        value: undefined,
        reason: `${origin} gave no token for CONFLUENCE_OAUTH_CLIENT_ID and CONFLUENCE_OAUTH_CLIENT_SECRET (HTTP ${code})`,
      };
    case 'unreachable':
    case 'lost':
    case 'timeout':
      return { kind: 'failing', code: fault, tries, origin };
  }
}

/** Whether this status tells of trouble that may pass. */
export function isFailing(status: number): boolean {
  return (status >= 500 && status !== 501) || status === 408 || status === 425 || status === 429;
}

function isHtml({ headers, body }: Received): boolean {
  if (/\b(?:text\/html|application\/xhtml)/i.test(headers.get('content-type') ?? '')) return true;
  return /^\s*<(?:!doctype|html)/i.test(Buffer.from(body.subarray(0, 200)).toString('latin1'));
}

function parseJson(body: Uint8Array): Readonly<{ value: unknown; lossy: boolean }> | null {
  const strict = decode(body, true);
  const text = strict ?? decode(body, false);
  try {
    return { value: JSON.parse(text ?? '') as unknown, lossy: strict === null };
  } catch {
    return null;
  }
}

function decode(body: Uint8Array, fatal: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal }).decode(body);
  } catch {
    return null;
  }
}
