const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/;

/**
 * Reads a date of Confluence: ISO 8601 with `Z` or an offset, with or without its colon, to the millisecond. Null where it is
 * no such date, names a day that does not exist, or lies outside the years 1 to 9999.
 */
export function readDate(value: unknown): Date | null {
  const [match, ...parts] = (typeof value === 'string' && FORM.exec(value)) || [];
  if (match === undefined) return null;
  const [year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone = ''] =
    parts;
  if (Number(day) > daysIn(Number(year), Number(month))) return null;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${offset}`);
  const inRange = date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999;
  return inRange ? date : null;
}

// The engine's own parser turns the 30th of February into the 1st of March.
function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}
