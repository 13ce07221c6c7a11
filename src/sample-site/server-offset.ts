const MINUTE_MS = 60_000;

/** Reads an offset such as `+10:00` into minutes; throws a `RangeError` for anything else. */
export function readOffset(text: string): number {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(text);
  if (match === null) throw new RangeError(`the server offset ${text} is not of the form +10:00`);
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

/** Writes a time in a server's own zone, with its offset, to the millisecond. */
export function writeDate(ms: number, offset: string): string {
  const shifted = new Date(ms + readOffset(offset) * MINUTE_MS);
  return `${shifted.toISOString().slice(0, -1)}${offset}`;
}
