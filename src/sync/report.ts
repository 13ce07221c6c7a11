/** How a run looks at the site: every page, or what changed since the watermark. */
export type RunMode = 'full' | 'incremental';

/** Who asked for the run. */
export type RunTrigger = 'schedule' | 'cli' | 'http';

/** How a run ended; `partial` is done with pages in quarantine or with a space that could not be listed whole. */
export type RunOutcome = 'running' | 'succeeded' | 'partial' | 'held' | 'failed' | 'interrupted';

/** Pages by what became of them: `listed` is the sum of all others but `fetched` and `deleted`. */
export type PageCounts = Readonly<{
  listed: number;
  unchanged: number;
  fetched: number;
  created: number;
  updated: number;
  moved: number;
  deleted: number;
  restored: number;
  failed: number;
}>;

/** One space's part of a report. */
export type SpaceReport = Readonly<{
  key: string;
  listing: 'complete' | 'incomplete';
  counts: PageCounts;
  /** Why the listing is incomplete. */
  reason?: string;
  /** What waits for a person. */
  held?: Readonly<{ reason: string; would_delete: number; of_pages: number; ids: readonly string[] }>;
  /** Pages that stay although the listing did not show them, with Confluence's unclear answer. */
  unconfirmed?: readonly Readonly<{ id: string; reason: string }>[];
}>;

/** What a run did, as printed and as stored; names and nesting are public. */
export type RunReport = Readonly<{
  run_id: string;
  mode: RunMode;
  trigger: RunTrigger;
  outcome: RunOutcome;
  dry_run?: true;
  counts: PageCounts;
  api: Readonly<{ requests: number; retries: number; waited_ms: number; bytes: number }>;
  spaces: readonly SpaceReport[];
  /** Wanted spaces that Confluence does not show to these credentials, and other things a person should know. */
  notes: readonly string[];
  error?: Readonly<{ name: string; message: string }>;
  started_at: string;
  finished_at: string;
  duration_ms: number;
}>;
