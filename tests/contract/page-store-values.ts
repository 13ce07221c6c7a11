import { createHash } from 'node:crypto';
import type { PageFailure, PageHead, PageRecord } from '../../src/sync/page.ts';
import type { Batch } from '../../src/sync/store.ts';
import type { Database } from '../../src/postgres/create-database.ts';

/** A database to hold against the contract, with a look at its tables from outside. */
export type StoreUnderTest = Readonly<{
  database: Database;
  /** The same as the role that may make and unmake the tables, where that is another one. */
  owner?: Pick<Database, 'check' | 'migrator'>;
  query: (statement: string) => Promise<readonly Record<string, unknown>[]>;
  close: () => Promise<void>;
}>;

/** Opens a database with our tables, all empty but for the one row of state. */
export type OpenStore = () => Promise<StoreUnderTest>;

/** A page's head; what a test is about, it says. */
export function head(id: string, given: Partial<PageHead> = {}): PageHead {
  return {
    kind: 'head',
    id,
    type: 'page',
    title: `Page ${id}`,
    spaceKey: 'HR',
    status: 'current',
    version: 1,
    lastUpdated: new Date('2026-01-02T03:04:05.678Z'),
    parentId: null,
    url: `https://example.atlassian.net/wiki/pages/${id}`,
    ...given,
  };
}

/** A page whose hash is the hash of its body, unless the test says otherwise. */
export function record(
  id: string,
  given: Partial<PageHead> & Partial<Omit<PageRecord, 'head'>> = {},
): PageRecord {
  const { storage = `<p>${id}</p>`, contentHash, hashVersion = 1, wentBack = false, ...ofHead } = given;
  return {
    head: head(id, ofHead),
    storage,
    contentHash: contentHash ?? createHash('sha256').update(storage).digest('hex'),
    hashVersion,
    wentBack,
  };
}

/** A failure as the source hands it over. */
export function failure(id: string, given: Partial<PageFailure> = {}): PageFailure {
  const what = {
    spaceKey: 'HR',
    title: `Page ${id}`,
    version: 1,
    stage: 'content',
    code: 'too_large',
  } as const;
  return { kind: 'failure', id, ...what, message: 'the body is too large', ...given };
}

/** A batch of one run. */
export function batch(given: Partial<Batch>): Batch {
  return { runId: 'run-1', records: [], heads: [], failures: [], deletions: [], space: null, ...given };
}

/** Many ids, ascending as numbers, of differing lengths. */
export function ids(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(95 + index));
}
