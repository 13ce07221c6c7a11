/** What of the past is kept: days of the feed (null: all), and the bodies of pages that are gone. */
export type Retention = Readonly<{ changesKeepDays: number | null; deletedBodies: 'keep' | 'drop' }>;

/** Nothing is removed. */
export const KEEP_ALL: Retention = { changesKeepDays: null, deletedBodies: 'keep' };
