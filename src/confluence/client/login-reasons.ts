import { LoginLocked } from '../../sync/errors.ts';
import type { Exchange } from './exchange.ts';

type Headers = ReadonlyMap<string, string>;

/** Whether the headers tell of a login that failed. */
export function saysLoginFailed(headers: Headers): boolean {
  // `OUT` is what an answer to nobody says: it is no failure, and who the credentials are is asked separately.
  return loginReasons(headers).some((reason) => !['', 'OK', 'OUT'].includes(reason));
}

/** Throws `LoginLocked` where Confluence wants a CAPTCHA solved before it takes another login. */
export function assertNotLocked({ headers }: Extract<Exchange, { kind: 'answer' }>, what: string): void {
  if (!loginReasons(headers).includes('AUTHENTICATION_DENIED')) return;
  throw new LoginLocked(
    `${what} failed: after too many failed logins Confluence wants a CAPTCHA from this account (X-Seraph-LoginReason: AUTHENTICATION_DENIED); sign in with it in a browser once, then try again`,
  );
}

function loginReasons(headers: Headers): readonly string[] {
  return (headers.get('x-seraph-loginreason') ?? '').split(',').map((reason) => reason.trim().toUpperCase());
}
