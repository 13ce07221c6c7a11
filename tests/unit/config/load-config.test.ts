import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../src/config/load-config.ts';
import { WrongConfiguration } from '../../../src/sync/errors.ts';

const base = { CONFLUENCE_BASE_URL: 'example.atlassian.net', CONFLUENCE_ACCESS_TOKEN: 'canary-4711' };
const needs = ['confluence', 'database', 'worker'] as const;
const files = (contents: Record<string, string>) => (path: string) => {
  const text = contents[path];
  if (text === undefined) throw new Error(`ENOENT ${path}`);
  return text;
};
const load = (environment: Record<string, string>, contents: Record<string, string> = {}) =>
  loadConfig(environment, needs, files(contents));

function problemsOf(environment: Record<string, string>, contents: Record<string, string> = {}): string {
  try {
    load(environment, contents);
  } catch (error) {
    if (error instanceof WrongConfiguration) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('settings', () => {
  test('two settings are enough', () => {
    const config = load(base);

    expect(config.values.CONFLUENCE_BASE_URL).toBe('https://example.atlassian.net');
    expect(config.values.SYNC_BATCH_SIZE).toBe(250);
    expect(config.values.DATABASE_URL).toBe('pglite:./data/confluence-sync');
    expect(config.credentials).toEqual({ kind: 'bearer', token: 'canary-4711' });
  });

  test('all problems are named at once, without their values', () => {
    const message = problemsOf({
      CONFLUENCE_BASE_URL: 'ftp://canary-url',
      CONFLUENCE_CONCURRENCY: 'canary-many',
      DELETE_MAX_SHARE: '25%',
      DATABASE_URL: 'mysql://canary',
      SYNC_TIMEZONE: 'Mars/Olympus',
      CONFLUENCE_EMAIL: 'canary@example.com',
    });

    for (const name of [
      'CONFLUENCE_BASE_URL',
      'CONFLUENCE_CONCURRENCY',
      'DELETE_MAX_SHARE',
      'DATABASE_URL',
      'SYNC_TIMEZONE',
      'CONFLUENCE_API_TOKEN is missing',
    ])
      expect(message).toContain(name);
    expect(message).not.toMatch(/canary|25%|Mars/);
  });

  test('a problem in a part that is not needed does not stop a command', () => {
    expect(() => loadConfig({ SYNC_CRON: 'never' }, ['database'], files({}))).not.toThrow();
  });

  test('an empty value counts as not set', () => {
    expect(load({ ...base, SYNC_BATCH_SIZE: ' ' }).values.SYNC_BATCH_SIZE).toBe(250);
  });

  test.each([
    ['a line feed', 'canary-1\n'],
    ['a carriage return and line feed', 'canary-1\r\n'],
    ['a byte order mark', '\uFEFFcanary-1'],
  ])('a secret file may hold %s besides the secret', (_name, text) => {
    const config = load(
      { CONFLUENCE_BASE_URL: 'x.atlassian.net', CONFLUENCE_ACCESS_TOKEN_FILE: '/run/token' },
      { '/run/token': text },
    );

    expect(config.credentials).toEqual({ kind: 'bearer', token: 'canary-1' });
  });

  test.each([
    [
      'set together with its file',
      { ...base, CONFLUENCE_ACCESS_TOKEN_FILE: '/run/token' },
      'is set together with',
    ],
    [
      'in a missing file',
      { CONFLUENCE_BASE_URL: 'x.net', CONFLUENCE_ACCESS_TOKEN_FILE: '/nowhere' },
      'cannot be read',
    ],
    [
      'in an empty file',
      { CONFLUENCE_BASE_URL: 'x.net', CONFLUENCE_ACCESS_TOKEN_FILE: '/empty' },
      'is empty',
    ],
    ['of two lines', { CONFLUENCE_BASE_URL: 'x.net', CONFLUENCE_ACCESS_TOKEN_FILE: '/two' }, 'line breaks'],
  ])('a secret %s is refused by name', (_name, environment, words) => {
    const message = problemsOf(environment, {
      '/run/token': 'canary-2',
      '/empty': '\n',
      '/two': 'canary\ncanary',
    });

    expect(message).toContain('CONFLUENCE_ACCESS_TOKEN');
    expect(message).toContain(words);
    expect(message).not.toContain('canary');
  });

  test('two ways of signing in are refused', () => {
    expect(problemsOf({ ...base, CONFLUENCE_ANONYMOUS: 'true' })).toContain('more than one way');
  });

  test('no way of signing in is refused', () => {
    expect(problemsOf({ CONFLUENCE_BASE_URL: 'x.net' })).toContain('credentials are missing');
  });

  test('switched off certificate verification is refused', () => {
    expect(problemsOf({ ...base, NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toContain('CONFLUENCE_CA_FILE');
  });

  test('root pages are ids, at least one, and want pages', () => {
    const withRoots = (ids: string) => ({ ...base, CONFLUENCE_ROOT_PAGES: ids });
    const blogs = { ...withRoots('7'), CONFLUENCE_CONTENT_TYPES: 'blogpost' };

    expect(load(withRoots(' 98400, 7 ,7')).values.CONFLUENCE_ROOT_PAGES).toEqual(['98400', '7']);
    for (const ids of [',', '0', '07', 'home', '12345678901234567890'])
      expect(problemsOf(withRoots(ids))).toContain('CONFLUENCE_ROOT_PAGES must be page ids');
    expect(problemsOf(blogs)).toContain('CONFLUENCE_ROOT_PAGES wants nothing');
  });

  test('a server beyond loopback needs a token', () => {
    expect(problemsOf({ ...base, HTTP_HOST: '0.0.0.0' })).toContain('HTTP_TOKEN');
    expect(load({ ...base, HTTP_HOST: '0.0.0.0', HTTP_TOKEN: 'canary-3' }).secrets).toContain('canary-3');
  });

  test('every credential is among the secrets, the password of the database too', () => {
    const { secrets } = load({ ...base, DATABASE_URL: 'postgres://me:can%2Fary@db/x' });

    expect(secrets).toEqual(expect.arrayContaining(['canary-4711', 'can%2Fary', 'can/ary']));
  });
});
