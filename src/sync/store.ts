import type { DeletedReason, KnownPage, LiveStatus, PageFailure, PageHead, PageRecord } from './page.ts';
import type { Site } from './source.ts';
import type { RunMode, RunOutcome, RunReport, RunTrigger } from './report.ts';

/** A stored page that goes: `status` is what the row shows afterwards. */
export type Deletion = Readonly<{ id: string; status: 'trashed' | 'deleted'; reason: DeletedReason }>;

/** Why a space's deletions wait for a person: how many would go, and of how many. */
export type Held = Readonly<{ reason: string; wouldDelete: number; ofPages: number; ids: readonly string[] }>;

/** What is known of a space after a batch, written with it. Absent fields stay as they are. */
export type SpaceProgress = Readonly<{
  key: string;
  name: string;
  status: LiveStatus;
  watermark?: Date;
  /** Set after a complete listing: `last_listed_at` becomes the database's time. */
  listed?: boolean;
  held?: Held | null;
}>;

/** Everything one transaction writes. Parts may be empty; an id appears in one part only. */
export type Batch = Readonly<{
  runId: string;
  records: readonly PageRecord[];
  /** Pages whose body is known to be unchanged but whose head is not (moved, archived, another address). */
  heads: readonly PageHead[];
  failures: readonly PageFailure[];
  deletions: readonly Deletion[];
  space: SpaceProgress | null;
}>;

/** What became of a page of a batch. */
export type PageOutcome = 'created' | 'updated' | 'moved' | 'restored' | 'unchanged' | 'deleted' | 'failed';

/** One outcome for each id of the batch, and the failures the database itself found. */
export type BatchResult = Readonly<{
  outcomes: ReadonlyMap<string, PageOutcome>;
  failures: readonly PageFailure[];
}>;

/** Which stored pages to show, in one query: the given ids wherever and whatever they are, and a range of a space. */
export type KnownQuery = Readonly<{ ids: readonly string[]; range: KnownRange | null }>;

/** Live pages of a space with `after < id <= upTo`, ids ordered as numbers; null is open. At most `limit`, lowest first. */
export type KnownRange = Readonly<{
  spaceKey: string;
  after: string | null;
  upTo: string | null;
  limit: number;
}>;

/** A space as the store knows it. */
export type StoredSpace = Readonly<{
  key: string;
  name: string;
  status: LiveStatus;
  /** Pages that are not marked as gone. */
  livePages: number;
  watermark: Date | null;
  lastListedAt: Date | null;
  held: Held | null;
}>;

/** A stored body under an older canonical form. */
export type StaleHash = Readonly<{ id: string; storage: string }>;

/** The same body's hash under today's canonical form. */
export type Rehash = Readonly<{ id: string; contentHash: string; hashVersion: number }>;

/** The reading side of the mirror; a dry run needs no more. */
export interface PageReader {
  /** Each page once, by ascending id. */
  known(query: KnownQuery): Promise<readonly KnownPage[]>;
  spaces(): Promise<readonly StoredSpace[]>;
  /** The site this database mirrors; null before the first run. */
  site(): Promise<Site | null>;
  /** Ids in quarantine, ordered; at most `limit` after `after`. */
  failedIds(options: Readonly<{ after: string | null; limit: number }>): Promise<readonly FailedId[]>;
  /** Up to `limit` stored bodies whose hash was made by another canonical form, ordered by id after `after`. */
  staleHashes(hashVersion: number, after: string | null, limit: number): Promise<readonly StaleHash[]>;
}

/** A page in quarantine; `due` where its pause is over. */
export type FailedId = Readonly<{
  id: string;
  spaceKey: string;
  version: number | null;
  code: string;
  due: boolean;
}>;

/** What a worker leaves behind when it dies, so that a page that kills workers is found. */
export interface CrashWatch {
  /**
   * How many workers in a row died over each page, the last one included: it died when it left pages at work. A run counts
   * once, at its start.
   */
  countCrashes(): Promise<ReadonlyMap<string, number>>;
  /** Remembers which pages are fetched and hashed now; empty when none is. */
  workOn(ids: readonly string[]): Promise<void>;
  /** Forgets all crashes: a run came to its end. */
  forgetCrashes(): Promise<void>;
}

/**
 * The mirror. Each writing method is one transaction (or a few, where bisection needs them) that is fenced by the lease:
 * a worker that lost it gets `LeaseLost` and has written nothing.
 */
export interface PageStore extends PageReader, CrashWatch {
  load(batch: Batch): Promise<BatchResult>;
  /** Replaces hashes without touching anything a reader would call a change: no feed row, no `synced_at`. */
  rehash(hashes: readonly Rehash[]): Promise<void>;
  /** Takes pages that are gone out of the quarantine. */
  forgetFailures(ids: readonly string[]): Promise<void>;
  /** Removes a bounded piece of what the settings keep no longer; true while there may be more. */
  tidy(): Promise<boolean>;
  /** Remembers at the first call which site this database mirrors; throws `WrongSite` when it is another. */
  bindSite(site: Site): Promise<void>;
}

/** A run in the journal; `afterCrash` tells that the one before it never ended. */
export type OpenedRun = Readonly<{ runId: string; startedAt: Date; afterCrash: boolean }>;

/** The journal of runs. */
export interface RunJournal {
  /** Opens a run and marks runs that never ended as `interrupted`. Returns the run's id. */
  begin(run: Readonly<{ mode: RunMode; trigger: RunTrigger }>): Promise<OpenedRun>;
  finish(runId: string, outcome: Exclude<RunOutcome, 'running'>, report: RunReport): Promise<void>;
}

/** The right to write, held by one worker at a time. */
export interface Lease {
  /** Throws `LeaseTaken` when another worker holds it. The grant renews itself until released. */
  acquire(): Promise<LeaseGrant>;
}

/** `lost` aborts when another worker took over. */
export type LeaseGrant = Readonly<{ lost: AbortSignal; release: () => Promise<void> }>;
