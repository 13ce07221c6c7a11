/** When the pages of a base were made and last changed. */
export type BaseTimes = Readonly<{
  updatedAt: (index: number) => number;
  createdAt: (index: number) => number;
}>;

/** The span over which a base's pages were last changed: fixed, so that a restarted site is the same site. */
const FIRST = Date.UTC(2024, 0, 8, 6, 30, 0, 123);
const LAST = Date.UTC(2025, 5, 30, 18, 0, 0, 0);
const MADE_BEFORE = 5_000;

/** No page of a base is newer than this. */
export const NEWEST_BASE_TIME = LAST;

/** Times that grow with the index; every seventh page shares its modification time with the page before it. */
export function createBaseTimes(size: number): BaseTimes {
  const gap = Math.max(1, Math.floor((LAST - FIRST) / Math.max(1, size)));
  const updatedAt = (index: number): number => FIRST + (index % 7 === 3 ? index - 1 : index) * gap;
  return { updatedAt, createdAt: (index) => updatedAt(index) - MADE_BEFORE };
}
