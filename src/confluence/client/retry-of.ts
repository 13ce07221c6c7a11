import type { Answer } from './answer.ts';
import { askedWaitMs } from './asked-wait-ms.ts';
import type { Exchange } from './exchange.ts';

/** Whether a request is worth another try. `once` means one more; `asked` carries the pause that Confluence wants. */
export type Retry =
  Readonly<{ kind: 'never' | 'back_off' | 'once' }> | Readonly<{ kind: 'asked'; ms: number }>;

/** Decides by status and headers. `worked` tells whether these credentials were answered before. */
export function retryOf(exchange: Exchange, answer: Answer, now: Date, worked: boolean): Retry {
  if (exchange.kind === 'fault')
    return { kind: answer.kind === 'failing' || exchange.code.startsWith('Z_') ? 'back_off' : 'never' };
  const { status, headers } = exchange;
  if (answer.kind === 'failing') {
    const ms = askedWaitMs(headers, now, status);
    return ms === null ? { kind: 'back_off' } : { kind: 'asked', ms };
  }
  if (answer.kind === 'unreadable') return { kind: 'back_off' };
  if (answer.kind !== 'refused') return { kind: 'never' };
  const cdn = /error from cloudfront/i.test(headers.get('x-cache') ?? '');
  if (cdn && (status === 403 || status === 404)) return { kind: 'back_off' };
  // Data Center has been seen to answer 403 under load.
  return { kind: status === 403 && worked ? 'once' : 'never' };
}
