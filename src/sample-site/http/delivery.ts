import type { ServerResponse } from 'node:http';
import type { Clock } from '../../sync/ambient.ts';

/** An answer on its way out: the status and headers are not sent yet. */
export type Delivery = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  bytes: Buffer;
  outgoing: ServerResponse;
  clock: Clock;
  /** Aborts when the client is gone or the site closes. */
  signal: AbortSignal;
}>;
