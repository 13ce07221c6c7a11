import type { Config } from '../config/load-config.ts';
import type { SyncRequest } from '../sync/run.ts';
import { scopeOf } from './scope-of.ts';

/** What the settings say of every run; mode, trigger and options are the command's own. */
export function requestOf({
  values,
  credentials,
}: Config): Pick<SyncRequest, 'anonymous' | 'scope' | 'batchSize' | 'guards'> {
  return {
    anonymous: credentials.kind === 'anonymous',
    scope: scopeOf({ values }),
    batchSize: values.SYNC_BATCH_SIZE,
    guards: {
      deleteMaxShare: values.DELETE_MAX_SHARE,
      deleteMinPages: values.DELETE_MIN_PAGES,
      quarantineMaxShare: values.QUARANTINE_MAX_SHARE,
    },
  };
}
