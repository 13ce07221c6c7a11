import type { StoredBetween } from '../../sync/source.ts';

/** Knows of no stored page. */
export const noneStored: StoredBetween = async function* () {
  yield await Promise.resolve([]);
};
