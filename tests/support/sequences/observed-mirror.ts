import type { SyncParts } from '../../../src/sync/run.ts';

/** A row of the mirror with its body; `written` differs whenever somebody wrote the row. */
export type ObservedRow = Readonly<{
  id: string;
  title: string;
  spaceKey: string;
  version: number;
  lastUpdated: number;
  url: string;
  status: string;
  parentId: string | null;
  type: string;
  storage: string;
  contentHash: string;
  deletedReason: string | null;
  written: string;
}>;

/** A row of the feed. */
export type ObservedChange = Readonly<{
  id: string;
  spaceKey: string;
  kind: string;
  version: number;
  contentHash: string;
  previousHash: string | null;
  contentChanged: boolean;
  runId: string;
}>;

/** A mirror that a test can look into, past the code under test. */
export type ObservedMirror = Readonly<{
  parts: Pick<SyncParts, 'reader' | 'store' | 'journal' | 'lease'>;
  rows: () => Promise<ReadonlyMap<string, ObservedRow>>;
  /** The feed, oldest first. */
  changes: () => Promise<readonly ObservedChange[]>;
  /** Ids in quarantine. */
  failures: () => Promise<ReadonlySet<string>>;
}>;
