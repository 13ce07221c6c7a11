import { readTime } from './read-time.ts';

const SHORTEST_MS = 1000;
/** A number of seconds can have more digits than a double can tell from infinity. */
const LONGEST_MS = Number.MAX_SAFE_INTEGER;

/**
 * How long a failed answer asks to wait, in milliseconds, at least a second; null where it does not say. Reads `Retry-After` as
 * seconds or as a date, and `X-RateLimit-Reset` as an ISO time where the status is 429 or 503. Dates count from the answer's own `Date`, since the clocks may
 * differ; `now` stands in where there is none.
 */
export function askedWaitMs(headers: ReadonlyMap<string, string>, now: Date, status = 429): number | null {
  const sentAt = readTime(headers.get('date')) ?? now.getTime();
  const asked =
    readDelay(headers.get('retry-after'), sentAt) ??
    readDelay(headers.get('beta-retry-after'), sentAt) ??
    (status === 429 || status === 503 ? readReset(headers, sentAt) : null);
  return asked === null ? null : Math.min(LONGEST_MS, Math.max(SHORTEST_MS, asked));
}

function readDelay(text: string | undefined, sentAt: number): number | null {
  const value = text?.trim() ?? '';
  if (/^-?\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000;
  const at = readTime(value);
  return at === null ? null : at - sentAt;
}

function readReset(headers: ReadonlyMap<string, string>, sentAt: number): number | null {
  const at = readTime(headers.get('x-ratelimit-reset') ?? headers.get('x-beta-ratelimit-reset'));
  // With requests left in that window, something else is the matter.
  const left = headers.get('x-ratelimit-remaining') ?? headers.get('x-beta-ratelimit-remaining') ?? '';
  return at === null || /^\s*0*[1-9]/.test(left) ? null : at - sentAt;
}
