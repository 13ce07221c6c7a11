import { nameChange } from '../../src/sync/compare.ts';
import { LeaseTaken, WrongSite } from '../../src/sync/errors.ts';
import type { KnownPage, PageFailure, PageHead } from '../../src/sync/page.ts';
import { comparePageIds } from '../../src/sync/page-id.ts';
import type { RunReport } from '../../src/sync/report.ts';
import type {
  Batch,
  BatchResult,
  Lease,
  PageOutcome,
  PageStore,
  RunJournal,
  StoredSpace,
} from '../../src/sync/store.ts';

type Row = KnownPage & {
  storage: string;
  contentHash: string;
  deletedReason: string | null;
  /** How often the row was written. */
  writes: number;
};
type Change = {
  id: string;
  kind: PageOutcome;
  contentChanged: boolean;
  spaceKey: string;
  version: number;
  contentHash: string;
  previousHash: string | null;
  runId: string;
};

/** A mirror in memory: what the core needs of a store, written by hand, and open for a test to look into. */
export type MemoryMirror = Readonly<{
  store: PageStore;
  reader: PageStore;
  journal: RunJournal & { readonly runs: { outcome: string; report: RunReport | null }[] };
  lease: Lease & { taken: boolean };
  rows: Map<string, Row>;
  changes: Change[];
  failures: Map<string, PageFailure>;
  /** Pages in quarantine whose pause is not over. */
  pausing: Set<string>;
  spaces: Map<string, StoredSpace>;
  /** Sizes of the batches that were loaded. */
  loads: Batch[];
}>;

/** An empty mirror. */
export function createMemoryMirror(): MemoryMirror {
  const rows = new Map<string, Row>();
  const failures = new Map<string, PageFailure>();
  const spaces = new Map<string, StoredSpace>();
  const [changes, loads]: [Change[], Batch[]] = [[], []];
  const pausing = new Set<string>();
  const mirror = { rows, failures, pausing, spaces, changes, loads };
  let site: string | null = null;
  const atWork: { ids: readonly string[] } = { ids: [] };
  const crashes = new Map<string, number>();
  const store: PageStore = {
    known: ({ ids, range }) => {
      const inRange = (row: Row) =>
        range !== null &&
        !row.deleted &&
        row.spaceKey === range.spaceKey &&
        (range.after === null || comparePageIds(row.id, range.after) > 0) &&
        (range.upTo === null || comparePageIds(row.id, range.upTo) <= 0);
      const ordered = [...rows.values()].sort((left, right) => comparePageIds(left.id, right.id));
      const ranged = new Set(ordered.filter(inRange).slice(0, range?.limit ?? 0));
      return Promise.resolve(ordered.filter((row) => ids.includes(row.id) || ranged.has(row)));
    },
    spaces: () =>
      Promise.resolve(
        [...spaces.values()].map((space) => ({ ...space, livePages: liveIn(rows, space.key) })),
      ),
    site: () => Promise.resolve(null),
    failedIds: ({ after, limit }) =>
      Promise.resolve(
        [...failures.values()]
          .sort((left, right) => comparePageIds(left.id, right.id))
          .filter((failure) => after === null || comparePageIds(failure.id, after) > 0)
          .slice(0, limit)
          .map((failure) => ({ ...failure, due: !pausing.has(failure.id) })),
      ),
    staleHashes: (hashVersion, after, limit) =>
      Promise.resolve(
        [...rows.values()]
          .filter(
            (row) => row.hashVersion !== hashVersion && (after === null || comparePageIds(row.id, after) > 0),
          )
          .slice(0, limit),
      ),
    load: (batch) => Promise.resolve(load(mirror, batch)),
    rehash: (hashes) => {
      for (const { id, contentHash, hashVersion } of hashes) {
        const row = rows.get(id);
        if (row) rows.set(id, { ...row, contentHash, hashVersion });
      }
      return Promise.resolve();
    },
    forgetFailures: (ids) => {
      for (const id of ids) failures.delete(id);
      return Promise.resolve();
    },
    tidy: () => Promise.resolve(false),
    countCrashes: () => {
      for (const id of atWork.ids) crashes.set(id, (crashes.get(id) ?? 0) + 1);
      atWork.ids = [];
      return Promise.resolve(new Map(crashes));
    },
    workOn: (ids) => {
      atWork.ids = ids;
      return Promise.resolve();
    },
    forgetCrashes: () => {
      crashes.clear();
      return Promise.resolve();
    },
    bindSite: ({ baseUrl }) => {
      site ??= baseUrl;
      return site === baseUrl
        ? Promise.resolve()
        : Promise.reject(new WrongSite(`this mirror is of ${site}`));
    },
  };
  const journal = createJournal();
  const lease = createLease();
  return { store, reader: store, journal, lease, ...mirror };
}

function liveIn(rows: Map<string, Row>, key: string): number {
  return [...rows.values()].filter((row) => row.spaceKey === key && !row.deleted).length;
}

type Insides = Pick<MemoryMirror, 'rows' | 'failures' | 'spaces' | 'changes' | 'loads'>;

function load(mirror: Insides, batch: Batch): BatchResult {
  mirror.loads.push(batch);
  const outcomes = new Map<string, PageOutcome>();
  for (const { head, storage, contentHash, hashVersion, wentBack } of batch.records) {
    const before = mirror.rows.get(head.id);
    mirror.failures.delete(head.id);
    if (before && before.version > head.version && !wentBack) outcomes.set(head.id, 'unchanged');
    else outcomes.set(head.id, put(mirror, batch.runId, head, { storage, contentHash, hashVersion }));
  }
  for (const head of batch.heads) {
    const before = mirror.rows.get(head.id);
    if (before && before.version > head.version) outcomes.set(head.id, 'unchanged');
    else if (before) outcomes.set(head.id, put(mirror, batch.runId, head, before));
  }
  for (const failure of batch.failures) {
    const spaceKey = failure.spaceKey || (mirror.failures.get(failure.id)?.spaceKey ?? '');
    mirror.failures.set(failure.id, { ...failure, spaceKey });
    outcomes.set(failure.id, 'failed');
  }
  for (const { id, status, reason } of batch.deletions) {
    const row = mirror.rows.get(id);
    if (!row || row.deleted) continue;
    mirror.rows.set(id, { ...row, status, deleted: true, deletedReason: reason, writes: row.writes + 1 });
    note(mirror, batch.runId, row, mirror.rows.get(id) ?? row, 'deleted');
    outcomes.set(id, 'deleted');
  }
  if (batch.space) noteSpace(mirror, batch.space);
  return { outcomes, failures: [] };
}

function put(
  mirror: Insides,
  runId: string,
  head: PageHead,
  body: Pick<Row, 'storage' | 'contentHash' | 'hashVersion'>,
): PageOutcome {
  const before = mirror.rows.get(head.id);
  const { storage, contentHash, hashVersion } = body;
  const named = nameChange(head, before);
  const outcome = named === 'unchanged' && before?.storage !== storage ? 'updated' : named;
  if (outcome === 'unchanged') return outcome;
  const alive = { deleted: false, deletedReason: null, writes: (before?.writes ?? 0) + 1 };
  const row: Row = { ...head, storage, contentHash, hashVersion, ...alive };
  mirror.rows.set(head.id, row);
  note(mirror, runId, before, row, outcome);
  return outcome;
}

function note(mirror: Insides, runId: string, before: Row | undefined, row: Row, kind: PageOutcome): void {
  const { id, spaceKey, version, contentHash } = row;
  const previousHash = before?.contentHash ?? null;
  const contentChanged = previousHash !== contentHash;
  mirror.changes.push({ id, kind, contentChanged, spaceKey, version, contentHash, previousHash, runId });
}

function noteSpace(mirror: Insides, progress: NonNullable<Batch['space']>): void {
  const before = mirror.spaces.get(progress.key);
  mirror.spaces.set(progress.key, {
    key: progress.key,
    name: progress.name,
    status: progress.status,
    livePages: 0,
    watermark: progress.watermark ?? before?.watermark ?? null,
    lastListedAt: progress.listed === true ? new Date(0) : (before?.lastListedAt ?? null),
    held: progress.held === undefined ? (before?.held ?? null) : progress.held,
  });
}

function createJournal(): MemoryMirror['journal'] {
  const runs: { outcome: string; report: RunReport | null }[] = [];
  return {
    runs,
    begin: () => {
      const afterCrash = runs.at(-1)?.outcome === 'running';
      runs.push({ outcome: 'running', report: null });
      return Promise.resolve({ runId: String(runs.length), startedAt: new Date(0), afterCrash });
    },
    finish: (runId, outcome, report) => {
      runs[Number(runId) - 1] = { outcome, report };
      return Promise.resolve();
    },
  };
}

function createLease(): MemoryMirror['lease'] {
  const lease: MemoryMirror['lease'] = {
    taken: false,
    acquire: () => {
      if (lease.taken) return Promise.reject(new LeaseTaken('another run holds the lease'));
      lease.taken = true;
      const release = () => {
        lease.taken = false;
        return Promise.resolve();
      };
      return Promise.resolve({ lost: new AbortController().signal, release });
    },
  };
  return lease;
}
