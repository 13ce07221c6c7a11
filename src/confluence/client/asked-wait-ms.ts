const SHORTEST_MS = 1000;
/** A number of seconds can have more digits than a double can tell from infinity. */
const LONGEST_MS = Number.MAX_SAFE_INTEGER;

/**
 * How long an answer asks to wait, in milliseconds, at least a second; null where it does not say. Reads `Retry-After` as
 * seconds or as a date, and `X-RateLimit-Reset` as an ISO time. Dates count from the answer's own `Date`, since the clocks may
 * differ; `now` stands in where there is none.
 */
export function askedWaitMs(headers: ReadonlyMap<string, string>, now: Date): number | null {
  const sentAt = readTime(headers.get('date')) ?? now.getTime();
  const asked =
    readDelay(headers.get('retry-after'), sentAt) ?? readReset(headers.get('x-ratelimit-reset'), sentAt);
  return asked === null ? null : Math.min(LONGEST_MS, Math.max(SHORTEST_MS, asked));
}

function readDelay(text: string | undefined, sentAt: number): number | null {
  const value = text?.trim() ?? '';
  if (/^-?\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000;
  return readReset(value, sentAt);
}

function readReset(text: string | undefined, sentAt: number): number | null {
  const at = readTime(text);
  return at === null ? null : at - sentAt;
}

/** The oldest of HTTP's three forms of a date, which leaves out that it means GMT. */
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

// Checked by form first: Date.parse makes a date of nearly anything that holds a number.
function readTime(text: string | undefined): number | null {
  const written = text?.trim() ?? '';
  const value = ASCTIME.test(written) ? `${written} GMT` : written;
  if (!/^(?:[A-Za-z]{3,9},? .+ GMT|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d))$/.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}
