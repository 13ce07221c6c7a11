const MOMENT = /^([+-]\d{6}|\d{4})-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Reads a day (its first moment, UTC) or a time with its zone in ISO 8601; null where it is neither, or no day there is. */
export function parseMoment(text: string): Date | null {
  if (!MOMENT.test(text)) return null;
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return null;
  // JavaScript takes 30 February for 2 March.
  const day = text.split('T')[0] ?? '';
  return new Date(day).toISOString().startsWith(day) ? moment : null;
}
