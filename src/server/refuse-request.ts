import { isLoopback } from './is-loopback.ts';
import { sameToken } from './same-token.ts';

/** What a request is judged by. */
export type RequestFacts = Readonly<{
  method: string;
  path: string;
  header: (name: string) => string | undefined;
}>;

/** Whom the server answers. */
export type Admission = Readonly<{ host: string; token: string | null }>;

/** Why a request is not answered. */
export type Refusal = Readonly<{
  status: 401 | 403 | 405 | 413;
  error: string;
  headers: Record<string, string>;
}>;

const READS = ['GET', 'HEAD'];

/** The one route that needs no token: whoever restarts a stuck process has none. */
const OPEN_PATH = '/livez';

/** Judges a request before anything is done for it; null lets it pass. */
export function refuseRequest(request: RequestFacts, { host, token }: Admission): Refusal | null {
  // A page in a browser can make any name point to this machine, but not send a Host header that says so.
  if (isLoopback(host) && !isLoopback(nameOf(request.header('host'))))
    return refusal(403, 'this server answers only to names of this machine');
  if (!READS.includes(request.method)) return refusal(405, 'only GET and HEAD', { allow: READS.join(', ') });
  if (hasBody(request)) return refusal(413, 'a request has no body here', { connection: 'close' });
  if (token === null || request.path === OPEN_PATH || sameToken(request.header('authorization'), token))
    return null;
  return refusal(401, 'a Bearer token is needed', { 'www-authenticate': 'Bearer' });
}

function refusal(
  status: Refusal['status'],
  error: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return { status, error, headers: { ...headers } };
}

function nameOf(host: string | undefined): string {
  return (host ?? '').replace(/:\d*$/, '').toLowerCase();
}

function hasBody({ header }: RequestFacts): boolean {
  return header('transfer-encoding') !== undefined || !/^0*$/.test(header('content-length') ?? '');
}
