/** How one setting reads its text; `secret` values are never shown and may come from a file. */
export type Setting<Value> = Readonly<{
  help: string;
  /** The default as it would be written; null where there is none. */
  default: string | null;
  /** Shown instead of `default` where the default is not a text to write down. */
  shownDefault?: string;
  secret?: true;
  /** Throws `BadValue`, whose message never repeats the value. */
  parse(text: string): Value;
}>;

/** What is wrong with a value, in words that do not repeat it. */
export class BadValue extends Error {
  override readonly name = 'BadValue';
}

/** Any text. */
export function text(value: string): string {
  return value;
}

/** A comma-separated list; blanks around entries and empty entries do not count. */
export function list(value: string): readonly string[] {
  const entries = value.split(',').map((entry) => entry.trim());
  return entries.filter((entry) => entry !== '');
}

/** A comma-separated list of words out of `choices`. */
export function listOf<const Choice extends string>(...choices: readonly Choice[]) {
  const one = choice(...choices);
  return (value: string): readonly Choice[] => [...new Set(list(value).map(one))];
}

/** One word out of `choices`. */
export function choice<const Choice extends string>(...choices: readonly Choice[]) {
  return (value: string): Choice => {
    const found = choices.find((candidate) => candidate === value.toLowerCase());
    if (found === undefined) throw new BadValue(`must be one of ${choices.join(', ')}`);
    return found;
  };
}

/** `true` or `false`. */
export function flag(value: string): boolean {
  return choice('true', 'false')(value) === 'true';
}

/** A whole number in [lowest, highest]. */
export function integer(lowest: number, highest: number) {
  return (value: string): number => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= lowest && number <= highest))
      throw new BadValue(`must be a whole number from ${lowest} to ${highest}`);
    return number;
  };
}

/** A fraction of 1. */
export function share(value: string): number {
  const number = /^\d*\.?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= 0 && number <= 1)) throw new BadValue('must be a number from 0 to 1, such as 0.25');
  return number;
}

/** A list of Confluence content ids. */
export function ids(value: string): readonly string[] {
  const found = [...new Set(list(value))];
  // An empty list would silently mean everything.
  if (found.length === 0 || !found.every((id) => /^[1-9]\d{0,18}$/.test(id)))
    throw new BadValue('must be page ids such as 98400, separated by commas');
  return found;
}

/** An http(s) address; the scheme may be left out. */
export function webAddress(value: string): string {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `https://${value}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '')
    throw new BadValue('must be an address such as https://example.atlassian.net');
  if (url.username !== '' || url.password !== '')
    throw new BadValue('must not hold a user or password: they have settings of their own');
  return address;
}

/** Where the mirror is kept. */
export function databaseUrl(value: string): string {
  if (/^pglite:./.test(value)) return value;
  const isServer = /^postgres(ql)?:\/\//.test(value) && URL.canParse(value);
  if (!isServer) throw new BadValue('must be postgres://user:password@host:5432/database or pglite:./folder');
  return value;
}

/** A name PostgreSQL takes without quoting surprises. */
export function schemaName(value: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(value))
    throw new BadValue('must be a lower-case name of letters, digits and _, at most 63 long');
  return value;
}

/** An IANA time zone. */
export function timeZone(value: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    throw new BadValue('must be an IANA time zone such as UTC or Europe/Berlin');
  }
}

/** Five or six fields; what they mean is checked by the scheduler. */
export function cronExpression(value: string): string {
  const fields = value.trim().split(/\s+/);
  if (fields.length < 5 || fields.length > 6)
    throw new BadValue('must be a cron expression of five fields, such as */15 * * * *');
  return fields.join(' ');
}
