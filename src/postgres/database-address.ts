import { WrongConfiguration } from '../sync/errors.ts';

/** Where the database is: a server, or a folder of ours (null: in memory). */
export type DatabaseAddress =
  Readonly<{ kind: 'postgresql'; url: string }> | Readonly<{ kind: 'pglite'; folder: string | null }>;

/** Reads DATABASE_URL. Throws `WrongConfiguration`, which never repeats the address: it may hold a password. */
export function parseDatabaseAddress(url: string): DatabaseAddress {
  if (url.startsWith('pglite:')) {
    const folder = url.slice('pglite:'.length);
    if (folder === '') throw new WrongConfiguration('DATABASE_URL names no folder after "pglite:"');
    return { kind: 'pglite', folder: folder === 'memory' || folder === 'memory://' ? null : folder };
  }
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new WrongConfiguration('DATABASE_URL must begin with postgres:// or pglite:');
  }
  return { kind: 'postgresql', url: withVerifiedTls(url) };
}

/** pg verifies the server under each of these names, but warns that it will not for ever: say it outright. */
function withVerifiedTls(url: string): string {
  return url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}

/** Throws `WrongConfiguration` unless the name is one that needs no quoting anywhere. */
export function checkSchemaName(schema: string): void {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(schema) && !schema.startsWith('pg_')) return;
  throw new WrongConfiguration(
    'DATABASE_SCHEMA must be lower-case letters, digits and underscores, 63 at most, and not begin with pg_ or a digit',
  );
}
