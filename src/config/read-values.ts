import { BadValue, type Setting } from './setting.ts';
import { settings, type SettingName, type SettingValue } from './settings.ts';

/** Names and texts, as an environment gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every setting's value. */
export type Values = { readonly [Name in SettingName]: SettingValue<Name> | null };

/** One thing that is wrong, by name, without its value. */
export type Problem = Readonly<{ name: string; problem: string }>;

/** Reads a file's text; throws what the file system throws. */
export type ReadFile = (path: string) => string;

/** Reads and checks every setting, gathering all problems instead of ending at the first. */
export function readValues(
  environment: Environment,
  readFile: ReadFile,
): Readonly<{ values: Values; problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const read = (name: string, setting: Setting<unknown>): unknown => {
    try {
      return parse(name, setting, environment, readFile);
    } catch (error) {
      if (!(error instanceof BadValue)) throw error;
      problems.push({ name, problem: error.message });
      return null;
    }
  };
  const entries = Object.entries(settings).map(([name, setting]) => [name, read(name, setting)]);
  // Each value was made by its own setting's parser, under its own name.
  return { values: Object.fromEntries(entries) as Values, problems };
}

function parse(
  name: string,
  setting: Setting<unknown>,
  environment: Environment,
  readFile: ReadFile,
): unknown {
  const written = lookUp(name, setting, environment, readFile) ?? setting.default;
  return written === null ? null : setting.parse(written);
}

function lookUp(
  name: string,
  setting: Setting<unknown>,
  environment: Environment,
  readFile: ReadFile,
): string | undefined {
  const direct = clean(environment[name] ?? environment[lowerCaseName(name)]);
  const path = setting.secret === true ? clean(environment[`${name}_FILE`]) : undefined;
  if (path === undefined) return checked(direct);
  if (direct !== undefined) throw new BadValue(`is set together with ${name}_FILE: keep one of them`);
  return checked(clean(fromFile(name, path, readFile)) ?? empty(name));
}

/** Proxy settings are also known in lower case to everything that reads them. */
function lowerCaseName(name: string): string {
  return name.endsWith('_PROXY') ? name.toLowerCase() : name;
}

function clean(value: string | undefined): string | undefined {
  const trimmed = value?.replace(/^\uFEFF/, '').trim();
  return trimmed === '' ? undefined : trimmed;
}

function checked(value: string | undefined): string | undefined {
  if (value !== undefined && /\p{Cc}/u.test(value))
    throw new BadValue('must not hold line breaks or control characters');
  return value;
}

function fromFile(name: string, path: string, readFile: ReadFile): string {
  try {
    return readFile(path);
  } catch {
    throw new BadValue(
      `cannot be read from the file that ${name}_FILE names: does it exist, may this user read it?`,
    );
  }
}

function empty(name: string): never {
  throw new BadValue(`is empty in the file that ${name}_FILE names`);
}
