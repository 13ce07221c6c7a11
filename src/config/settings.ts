import {
  choice,
  cronExpression,
  databaseUrl,
  flag,
  ids,
  integer,
  list,
  listOf,
  schemaName,
  share,
  text,
  timeZone,
  webAddress,
  type Setting,
} from './setting.ts';

/** Its value is never null: it has a default. */
type Defaulted<Value> = Setting<Value> & Readonly<{ default: string }>;

const setting = <Value>(made: Defaulted<Value>): Defaulted<Value> => made;
const optional = <Value>(made: Omit<Setting<Value>, 'default'>): Setting<Value> => ({
  ...made,
  default: null,
});
const MAX_TIMEOUT_MS = 2_147_483_647;

/** Every setting of the product, in the order in which people read them. The one place where names, defaults and help stand. */
export const settings = {
  CONFLUENCE_BASE_URL: optional({
    help: 'Address of Confluence in any form people paste: the site, `/wiki`, a page, Data Center with its context path, or `https://api.atlassian.com/ex/confluence/{cloudId}`',
    parse: webAddress,
  }),
  CONFLUENCE_DEPLOYMENT: setting({
    help: '`cloud` or `datacenter` where `auto` guesses wrong',
    default: 'auto',
    parse: choice('auto', 'cloud', 'datacenter'),
  }),
  CONFLUENCE_EMAIL: optional({
    help: 'Cloud e-mail address, or Data Center user name, for `CONFLUENCE_API_TOKEN`',
    parse: text,
  }),
  CONFLUENCE_API_TOKEN: optional({
    help: 'Cloud API token, or Data Center password',
    secret: true,
    parse: text,
  }),
  CONFLUENCE_ACCESS_TOKEN: optional({
    help: 'Bearer token: Data Center personal access token, OAuth or service-account token',
    secret: true,
    parse: text,
  }),
  CONFLUENCE_OAUTH_CLIENT_ID: optional({
    help: 'OAuth 2.0 client id of a service account',
    parse: text,
  }),
  CONFLUENCE_OAUTH_CLIENT_SECRET: optional({
    help: 'OAuth 2.0 client secret of a service account',
    secret: true,
    parse: text,
  }),
  CONFLUENCE_CLOUD_ID: optional({
    help: 'Cloud id for scoped tokens, which work only through the gateway',
    shownDefault: 'found by itself',
    parse: text,
  }),
  CONFLUENCE_ANONYMOUS: setting({
    help: 'Read a public site without credentials; deletions then need `--accept-deletes`',
    default: 'false',
    parse: flag,
  }),
  CONFLUENCE_SPACES: optional({
    help: 'Space keys to mirror, separated by commas; `*` and `?` match, `~*` is every personal space',
    shownDefault: 'all visible',
    parse: list,
  }),
  CONFLUENCE_EXCLUDE_SPACES: optional({
    help: 'Space keys to leave out, in the same form',
    shownDefault: 'none',
    parse: list,
  }),
  CONFLUENCE_CONTENT_TYPES: setting({
    help: '`page`, `blogpost` or both',
    default: 'page',
    parse: listOf('page', 'blogpost'),
  }),
  CONFLUENCE_ROOT_PAGES: optional({
    help: 'Page ids; only these pages and what is below them, blog posts never; within `CONFLUENCE_SPACES` where both are set',
    shownDefault: 'every page',
    parse: ids,
  }),
  CONFLUENCE_ARCHIVED: setting({
    help: '`include` or `exclude` archived pages and spaces',
    default: 'include',
    parse: choice('include', 'exclude'),
  }),
  CONFLUENCE_CONCURRENCY: setting({
    help: 'Requests in flight at most',
    default: '4',
    parse: integer(1, 64),
  }),
  CONFLUENCE_TIMEOUT_MS: setting({
    help: 'Whole time of one request in milliseconds, body included',
    default: '30000',
    parse: integer(1, MAX_TIMEOUT_MS),
  }),
  CONFLUENCE_MAX_BODY_BYTES: setting({
    help: 'Decoded bytes of one response at most',
    default: '52428800',
    parse: integer(1024, 536_870_912),
  }),
  CONFLUENCE_CA_FILE: optional({
    help: 'PEM file of a private certificate authority; verification is never switched off',
    parse: text,
  }),
  HTTPS_PROXY: optional({
    help: 'Proxy for Confluence, such as `http://proxy:3128`',
    secret: true,
    parse: text,
  }),
  NO_PROXY: optional({
    help: 'Hosts that are reached without the proxy',
    parse: text,
  }),
  DATABASE_URL: setting({
    help: '`postgres://user:password@host/database`, or an embedded database in a folder',
    default: 'pglite:./data/confluence-sync',
    secret: true,
    parse: databaseUrl,
  }),
  DATABASE_SCHEMA: setting({ help: 'Schema of all tables', default: 'public', parse: schemaName }),
  DATABASE_POOL_MAX: setting({ help: 'Connections at most', default: '5', parse: integer(1, 100) }),
  SYNC_CRON: setting({
    help: 'When an incremental run is due',
    default: '*/15 * * * *',
    parse: cronExpression,
  }),
  RECONCILE_CRON: setting({
    help: 'When a full listing is due',
    default: '0 3 * * *',
    parse: cronExpression,
  }),
  SYNC_TIMEZONE: setting({ help: 'Time zone of both', default: 'UTC', parse: timeZone }),
  SYNC_ON_START: setting({
    help: 'A first run at start, and one catch-up run where a due run was missed',
    default: 'true',
    parse: flag,
  }),
  SYNC_BATCH_SIZE: setting({
    help: 'Pages in one transaction at most',
    default: '250',
    parse: integer(1, 5000),
  }),
  DELETE_MAX_SHARE: setting({
    help: 'A space that would lose more than this share of its pages, and more than `DELETE_MIN_PAGES`, is held',
    default: '0.25',
    parse: share,
  }),
  DELETE_MIN_PAGES: setting({
    help: 'See `DELETE_MAX_SHARE`',
    default: '25',
    parse: integer(0, 1_000_000_000),
  }),
  QUARANTINE_MAX_SHARE: setting({
    help: 'A run with a larger share of bad pages is held',
    default: '0.15',
    parse: share,
  }),
  DELETED_BODIES: setting({
    help: '`drop` empties the bodies of pages that are gone',
    default: 'keep',
    parse: choice('keep', 'drop'),
  }),
  CHANGES_KEEP_DAYS: optional({
    help: 'Days that rows of the change feed are kept',
    shownDefault: 'keep all',
    parse: integer(1, 36_500),
  }),
  NOTIFY_WEBHOOK_URL: optional({
    help: 'Told when a run fails, is held, or pages enter quarantine',
    secret: true,
    parse: webAddress,
  }),
  HTTP_HOST: setting({
    help: "Address of the worker's own server; one that is not loopback needs `HTTP_TOKEN`",
    default: '127.0.0.1',
    parse: text,
  }),
  HTTP_PORT: setting({ help: 'Port of that server', default: '8080', parse: integer(0, 65_535) }),
  HTTP_TOKEN: optional({
    help: 'Bearer token that server asks for',
    secret: true,
    parse: text,
  }),
  LOG_LEVEL: setting({
    help: '`trace`, `debug`, `info`, `warn`, `error` or `silent`',
    default: 'info',
    parse: choice('trace', 'debug', 'info', 'warn', 'error', 'silent'),
  }),
  LOG_FORMAT: setting({
    help: '`pretty` or `json`; `auto` is `pretty` on a terminal, else `json`',
    default: 'auto',
    parse: choice('auto', 'pretty', 'json'),
  }),
} as const;

/** The name of a setting. */
export type SettingName = keyof typeof settings;

/** A setting's value once read; null where it is not set and has no default. */
export type SettingValue<Name extends SettingName> =
  (typeof settings)[Name] extends Setting<infer Value> ? Value : never;
