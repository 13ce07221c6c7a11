/** Writes a time so that PostgreSQL reads the same millisecond, also before the year 1 and after 9999. */
export function timestampText(time: Date): string {
  const iso = time.toISOString();
  const year = time.getUTCFullYear();
  if (year >= 1 && year <= 9999) return iso;
  const rest = iso.slice(iso.indexOf('-', 1));
  return year > 9999 ? `${year}${rest}` : `${String(1 - year).padStart(4, '0')}${rest} BC`;
}
