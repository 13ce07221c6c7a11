import type { Clock, Log } from './ambient.ts';
import type { PageFailure, PageHead, Space } from './page.ts';
import type { RunMode, RunTrigger, SpaceReport } from './report.ts';
import type { RootPages } from './locate-roots.ts';
import type { ScopeSettings } from './scope.ts';
import type { ApiCounts, PageSource } from './source.ts';
import type {
  FailedId,
  Held,
  Lease,
  PageOutcome,
  PageReader,
  PageStore,
  RunJournal,
  Deletion,
} from './store.ts';
import type { Subtree } from './create-subtree.ts';
import type { Tally } from './tally.ts';

/** Everything a run works with. For a dry run `store`, `journal` and `lease` are ones that write nothing. */
export type SyncParts = Readonly<{
  source: PageSource;
  reader: PageReader;
  store: PageStore;
  journal: RunJournal;
  lease: Lease;
  clock: Clock;
  log: Log;
  observer: RunObserver;
}>;

/** Told of a run's progress as it happens; must not throw. */
export type RunObserver = Readonly<{
  /** The plan is made: so many spaces, and so many pages known from before. */
  planned(spaces: number, knownPages: number): void;
  /** Something was counted. */
  advanced(run: Run): void;
  /** A page was stored under this outcome; not called for unchanged pages. */
  changed(head: PageHead | null, id: string, outcome: PageOutcome): void;
}>;

/** What a run is asked to do. */
export type SyncRequest = Readonly<{
  mode: RunMode | 'auto';
  trigger: RunTrigger;
  dryRun: boolean;
  /** A full run fetches every body again, to find what changed without a new version. */
  deep: boolean;
  acceptDeletes: boolean;
  /** True where the site is meant to be read without credentials. */
  anonymous: boolean;
  /** What the mirror holds. */
  scope: ScopeSettings;
  /** Limits this run to some of it; empty means all of it. */
  onlySpaces: readonly string[];
  batchSize: number;
  guards: Guards;
}>;

/** Shares are fractions of 1. */
export type Guards = Readonly<{ deleteMaxShare: number; deleteMinPages: number; quarantineMaxShare: number }>;

/** The state of one run. */
export type Run = Readonly<{
  parts: SyncParts;
  request: SyncRequest;
  runId: string;
  mode: RunMode;
  startedAt: Date;
  /** On the monotonic clock. */
  startedMs: number;
  signal: AbortSignal;
  total: Tally;
  /** Pages in quarantine when the run began, less those that it has met since. */
  quarantined: Map<string, FailedId>;
  /** Ids that were in quarantine when the run began. */
  quarantinedBefore: Set<string>;
  /** Pages that wait in quarantine because workers died over them, in this version. */
  parked: Map<string, number | null>;
  /** How many workers in a row died over a page; such a page is worked on alone. */
  crashes: Map<string, number>;
  /** Pages that killed as many workers as they may, found in this run. */
  condemned: Map<string, PageFailure>;
  /** The run before this one died. */
  afterCrash: boolean;
  /** Pages are being fetched and hashed, and the store knows which. */
  atWork: { any: boolean };
  /** Pages that entered quarantine in this run. */
  entered: { pages: number };
  /** Ids that failed in this run: whatever space they were met in, they are there. */
  failed: Set<string>;
  /** What the source had cost before this run: a worker keeps its source. */
  apiBefore: ApiCounts;
  spaces: SpaceRun[];
  /** The wanted root pages, once they were asked for. */
  roots: RootPages;
  /** Tells what is at or below them. */
  subtree: Subtree;
  /** Keys of the spaces that Confluence shows and the settings leave out. */
  unwantedSpaces: Set<string>;
  notes: string[];
  /** The site's newest change before any space was walked; null where Confluence did not say. */
  newestBefore: { time: Date | null };
  /** Something wanted was out of reach; `unplaced` where that was a page's place in its tree. */
  doubts: { any: boolean; unplaced: boolean };
  /** Set when a guard of the whole run tripped. */
  hold: { quarantine: boolean; nothingShown: boolean };
}>;

/**
 * How a run meets a space: `walked` as wanted; `vanished` where Confluence no longer shows it, and its pages go only when a
 * person accepts that; `unwanted` where the settings no longer want it, and its pages leave the mirror.
 */
export type SpaceKind = 'walked' | 'vanished' | 'unwanted';

/** The state of one space within a run. */
export type SpaceRun = {
  readonly space: Space;
  readonly tally: Tally;
  /** Live pages stored when the run began. */
  readonly pagesBefore: number;
  /** Up to when the space's changes were known when the run began; null where it was never listed whole. */
  readonly watermarkBefore: Date | null;
  /** The space is listed whole, although the run reads changes. */
  listWhole: boolean;
  listing: SpaceReport['listing'];
  readonly kind: SpaceKind;
  reason: string | null;
  /** All but single rows of an incomplete listing were read. */
  readOn?: boolean;
  /** Latest version time met in the walk. */
  watermark: Date | null;
  /** Stored pages that the listing did not show, or of a space without one. */
  missing: string[];
  /** What Confluence confirmed as gone. */
  deletions: Deletion[];
  unconfirmed: { id: string; reason: string }[];
  held: Held | null;
  /** The walk is over. */
  finished: boolean;
};
