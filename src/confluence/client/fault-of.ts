import type { Fault } from './exchange.ts';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
]);
const TLS =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH|EPROTO$)/;

/** Sorts a failed request by the code that Node, OpenSSL or zlib gave it. */
export function faultOf(code: string): Fault {
  if (UNREACHABLE.has(code)) return 'unreachable';
  if (TLS.test(code)) return 'tls';
  if (/^(?:Z_|ERR_BROTLI|ERR_ZLIB|HPE_)/.test(code)) return 'encoding';
  if (code === 'ETIMEDOUT') return 'timeout';
  return 'lost';
}

/** The code of whatever was thrown; nothing else of it may be kept, since client errors hold the request's headers. */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'UNKNOWN';
}
