import { Interrupted, SyncError } from '../../sync/errors.ts';

/** The error to end with once the signal has aborted: its reason where that is one of ours. */
export function stopped(signal: AbortSignal): SyncError {
  const reason: unknown = signal.reason;
  return reason instanceof SyncError ? reason : new Interrupted('the run was told to stop');
}
