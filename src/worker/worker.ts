import type { Clock, Log, Random } from '../sync/ambient.ts';
import type { SyncParts, SyncRequest } from '../sync/run.ts';
import type { SyncResult } from '../sync/run-sync.ts';
import type { ReadJournal } from './past-runs.ts';
import type { Plan } from './schedule.ts';

/** Why a due run did not begin. */
export type SkipReason = 'running' | 'lease' | 'credentials' | 'unavailable';

/** Told of what the worker does, for metrics and health; must not throw. */
export type WorkerObserver = Readonly<{
  /** So many due moments passed without a run of their own. */
  skipped: (reason: SkipReason, ticks: number) => void;
  /** A run ended, well or not; waited for before the next one. */
  ended: (result: SyncResult) => Promise<void>;
  leaseHeld: (held: boolean) => void;
  credentialsRefused: (refused: boolean) => void;
  /** The mirror may have changed. */
  settled: () => Promise<void>;
}>;

/** What a worker works with. */
export type WorkerParts = Readonly<{
  plan: Plan;
  /** With false, moments before the start are not caught up with. */
  syncOnStart: boolean;
  sync: SyncParts;
  request: Omit<SyncRequest, 'mode'>;
  readJournal: ReadJournal;
  observer: WorkerObserver;
  clock: Clock;
  random: Random;
  log: Log;
}>;
