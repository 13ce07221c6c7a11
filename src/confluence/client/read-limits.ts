import { readTime } from './read-time.ts';

/** What an answer says about the site's limit; null for what it does not say or says in no sense. */
export type Limits = Readonly<{
  most: number | null;
  left: number | null;
  /** Requests a second that come free again: Data Center. */
  perSecond: number | null;
  /** Milliseconds until a new window with new requests: Cloud. */
  resetInMs: number | null;
  isNear: boolean;
}>;

/** Clocks this close are taken for the same: our own is then the finer one, since `Date` holds whole seconds. */
const SAME_CLOCK_MS = 2000;

/**
 * Reads `X-RateLimit-Limit`, `-Remaining`, `-Interval-Seconds`, `-FillRate`, `-Reset` and `-NearLimit`, and the same with
 * `X-Beta-` in front.
 */
export function readLimits(headers: ReadonlyMap<string, string>, now: Date): Limits {
  const read = (name: string) =>
    headers.get(`x-ratelimit-${name}`) ?? headers.get(`x-beta-ratelimit-${name}`);
  const fill = readCount(read('fillrate'));
  const intervalS = readCount(read('interval-seconds'));
  return {
    most: readCount(read('limit')),
    left: readCount(read('remaining')),
    perSecond: fill !== null && intervalS !== null && fill > 0 && intervalS > 0 ? fill / intervalS : null,
    resetInMs: readReset(read('reset'), headers.get('date'), now),
    isNear: read('nearlimit')?.trim().toLowerCase() === 'true',
  };
}

function readCount(text: string | undefined): number | null {
  const value = text?.trim() ?? '';
  const count = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : NaN;
  return Number.isFinite(count) ? count : null;
}

function readReset(text: string | undefined, date: string | undefined, now: Date): number | null {
  const at = readTime(text);
  if (at === null) return null;
  const sentAt = readTime(date) ?? now.getTime();
  const same = Math.abs(now.getTime() - sentAt) < SAME_CLOCK_MS;
  return at - (same ? now.getTime() : sentAt);
}
