import type { RunObserver, SyncRequest } from '../../src/sync/run.ts';

/** A full run by a person over every visible space, with the guards of the defaults. */
export const fullRequest: SyncRequest = {
  mode: 'full',
  trigger: 'cli',
  dryRun: false,
  deep: false,
  acceptDeletes: false,
  anonymous: false,
  scope: { spaces: [], excludeSpaces: [], archived: 'include', contentTypes: ['page'], rootPages: [] },
  onlySpaces: [],
  batchSize: 250,
  guards: { deleteMaxShare: 0.25, deleteMinPages: 25, quarantineMaxShare: 0.15 },
};

/** Watches nothing. */
export const blindObserver: RunObserver = {
  planned: () => undefined,
  advanced: () => undefined,
  changed: () => undefined,
};
