import { WrongConfiguration } from '../sync/errors.ts';
import { readValues, type Environment, type Problem, type ReadFile, type Values } from './read-values.ts';
import { settings, type SettingName, type SettingValue } from './settings.ts';

/** How to sign in. */
export type Credentials =
  | Readonly<{ kind: 'basic'; user: string; secret: string }>
  | Readonly<{ kind: 'bearer'; token: string }>
  | Readonly<{ kind: 'oauth'; clientId: string; clientSecret: string }>
  | Readonly<{ kind: 'anonymous' }>;

/** Which parts of the product a command needs settings for. */
export type Need = 'confluence' | 'database' | 'worker';

type Defaulted = {
  [Name in SettingName]: (typeof settings)[Name]['default'] extends string ? Name : never;
}[SettingName];

/** All settings, checked and frozen. Where a setting has a default it has a value. */
export type Config = Readonly<{
  values: Values & { readonly [Name in Defaulted]: SettingValue<Name> };
  credentials: Credentials;
  /** PEM text of `CONFLUENCE_CA_FILE`. */
  ca: string | null;
  /** What must never be printed. */
  secrets: readonly string[];
}>;

/** The settings of each part; a problem in a part that the command does not need does not stop it. */
const PREFIXES: Readonly<Record<Need, readonly string[]>> = {
  confluence: [
    'CONFLUENCE_',
    'HTTPS_PROXY',
    'NO_PROXY',
    'NODE_TLS',
    'DELETE_',
    'DELETED_',
    'QUARANTINE_',
    'CHANGES_',
    'SYNC_BATCH',
  ],
  database: ['DATABASE_'],
  worker: ['SYNC_', 'RECONCILE_', 'HTTP_', 'NOTIFY_'],
};

/**
 * Reads the configuration from an environment. Throws one `WrongConfiguration` that names every problem of the parts that
 * are needed, without values.
 */
export function loadConfig(environment: Environment, needs: readonly Need[], readFile: ReadFile): Config {
  const { values, problems } = readValues(environment, readFile);
  const signIn = readCredentials(values);
  const ca = readCa(values, readFile);
  const all = [
    ...problems,
    ...signIn.problems,
    ...ca.problems,
    ...crossChecks(environment, values, problems),
  ];
  const prefixes = ['LOG_', ...needs.flatMap((need) => PREFIXES[need])];
  const relevant = all.filter(({ name }) => prefixes.some((prefix) => name.startsWith(prefix)));
  if (relevant.length > 0) throw new WrongConfiguration(describe(relevant));
  return Object.freeze({
    // Every setting with a default was parsed from it, or its problem was thrown above if anybody needs it.
    values: values as Config['values'],
    credentials: signIn.credentials,
    ca: ca.text,
    secrets: secretsOf(values),
  });
}

function describe(problems: readonly Problem[]): string {
  const lines = problems.map(({ name, problem }) => `  ${name} ${problem}`);
  return `${problems.length === 1 ? 'a setting is' : `${problems.length} settings are`} wrong:\n${lines.join('\n')}`;
}

function readCredentials(
  values: Values,
): Readonly<{ credentials: Credentials; problems: readonly Problem[] }> {
  const found: Credentials[] = [];
  const problems: Problem[] = [];
  const pair = (first: SettingName, second: SettingName, make: (a: string, b: string) => Credentials) => {
    const [a, b] = [values[first], values[second]];
    if (typeof a === 'string' && typeof b === 'string') found.push(make(a, b));
    else if (a !== null) problems.push({ name: second, problem: `is missing: ${first} needs it` });
    else if (b !== null) problems.push({ name: first, problem: `is missing: ${second} needs it` });
  };
  pair('CONFLUENCE_EMAIL', 'CONFLUENCE_API_TOKEN', (user, secret) => ({ kind: 'basic', user, secret }));
  pair('CONFLUENCE_OAUTH_CLIENT_ID', 'CONFLUENCE_OAUTH_CLIENT_SECRET', (clientId, clientSecret) => ({
    kind: 'oauth',
    clientId,
    clientSecret,
  }));
  const token = values.CONFLUENCE_ACCESS_TOKEN;
  if (token !== null) found.push({ kind: 'bearer', token });
  if (values.CONFLUENCE_ANONYMOUS === true) found.push({ kind: 'anonymous' });
  return {
    credentials: found[0] ?? { kind: 'anonymous' },
    problems: [...problems, ...judge(found, problems)],
  };
}

function judge(found: readonly Credentials[], problems: readonly Problem[]): readonly Problem[] {
  const ways =
    'CONFLUENCE_EMAIL with CONFLUENCE_API_TOKEN, CONFLUENCE_ACCESS_TOKEN, CONFLUENCE_OAUTH_CLIENT_ID with CONFLUENCE_OAUTH_CLIENT_SECRET, or CONFLUENCE_ANONYMOUS=true';
  if (found.length > 1)
    return [
      { name: 'CONFLUENCE_* credentials', problem: `are given in more than one way: keep one of ${ways}` },
    ];
  if (found.length === 0 && problems.length === 0)
    return [{ name: 'CONFLUENCE_* credentials', problem: `are missing: set ${ways}` }];
  return [];
}

function readCa(
  values: Values,
  readFile: ReadFile,
): Readonly<{ text: string | null; problems: readonly Problem[] }> {
  const name = 'CONFLUENCE_CA_FILE';
  if (values[name] === null) return { text: null, problems: [] };
  try {
    const pem = readFile(values[name]);
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return { text: pem, problems: [] };
    return { text: null, problems: [{ name, problem: 'names a file that holds no PEM certificate' }] };
  } catch {
    return { text: null, problems: [{ name, problem: 'names a file that cannot be read' }] };
  }
}

function crossChecks(
  environment: Environment,
  values: Values,
  problems: readonly Problem[],
): readonly Problem[] {
  const found: Problem[] = [];
  const isBad = (name: string) => problems.some((problem) => problem.name === name);
  if (values.CONFLUENCE_BASE_URL === null && !isBad('CONFLUENCE_BASE_URL'))
    found.push({ name: 'CONFLUENCE_BASE_URL', problem: 'is missing: set it to the address of Confluence' });
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    found.push({
      name: 'NODE_TLS_REJECT_UNAUTHORIZED',
      problem: 'must not be 0: name your certificate authority in CONFLUENCE_CA_FILE instead',
    });
  if (values.CONFLUENCE_ROOT_PAGES !== null && values.CONFLUENCE_CONTENT_TYPES?.includes('page') === false)
    found.push({
      name: 'CONFLUENCE_ROOT_PAGES',
      problem: 'wants nothing together with CONFLUENCE_CONTENT_TYPES: blog posts are below no page',
    });
  if (values.HTTP_HOST !== null && !isLoopback(values.HTTP_HOST) && values.HTTP_TOKEN === null)
    found.push({
      name: 'HTTP_TOKEN',
      problem: 'is missing: HTTP_HOST is not loopback, so the server needs one',
    });
  return found;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Every credential among the values. */
export function secretsOf(values: Values): readonly string[] {
  const texts: string[] = [];
  for (const [name, setting] of Object.entries(settings)) {
    const value = values[name as SettingName];
    if ('secret' in setting && typeof value === 'string' && name !== 'DATABASE_URL') texts.push(value);
  }
  const addresses = [values.DATABASE_URL, values.HTTPS_PROXY, values.NOTIFY_WEBHOOK_URL];
  const found = [...texts, ...addresses.flatMap(passwordOf), ...targetOf(values.NOTIFY_WEBHOOK_URL)];
  return [...new Set(found)];
}

function passwordOf(url: string | null): readonly string[] {
  const text = url?.includes('://') === false ? `http://${url}` : url;
  if (text === null || !URL.canParse(text)) return [];
  const { password } = new URL(text);
  return password === '' ? [] : [password, decoded(password)];
}

/** What follows the host: the token of a webhook stands there. */
function targetOf(url: string | null): readonly string[] {
  if (url === null || !URL.canParse(url)) return [];
  const { pathname, search } = new URL(url);
  const target = `${pathname}${search}`;
  return target === '/' ? [] : [target, ...pathname.split('/'), ...search.split(/[?&=]/)].filter(isToken);
}

/** Words of an address that are shorter could stand in any text. */
function isToken(text: string): boolean {
  return text.length >= 16;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
