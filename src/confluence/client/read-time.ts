/** The oldest of HTTP's three forms of a date, which leaves out that it means GMT. */
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/** Reads a date as HTTP or ISO 8601 writes it, in milliseconds; null for anything else. */
export function readTime(text: string | undefined): number | null {
  const written = text?.trim() ?? '';
  const value = ASCTIME.test(written) ? `${written} GMT` : written;
  // Checked by form first: Date.parse makes a date of nearly anything that holds a number.
  if (!/^(?:[A-Za-z]{3,9},? .+ GMT|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d))$/.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}
