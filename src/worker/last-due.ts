import { latestMatch } from './latest-match.ts';
import type { Schedule } from './schedule.ts';

const DAY_MS = 86_400_000;
const HORIZON_MS = 41 * 366 * DAY_MS;

/**
 * The latest instant at or before `now` at which a schedule was due, or null where there was none in 40 years. A schedule
 * that names hours is due once for each time it names: at the end of the gap where the clocks jump over it, the first time
 * where they show it twice. One of every hour is due whenever the clock shows its minutes.
 */
export function lastDue(schedule: Schedule, now: number): number | null {
  const earliest = now - HORIZON_MS;
  for (let until = now; until >= earliest;) {
    const offset = schedule.offsetAt(until);
    const match = latestMatch(schedule, until + offset, earliest + offset);
    // From a day earlier: the match itself may be a time that the clocks showed once before.
    const change = latestChange(schedule, match === null ? earliest : match - offset - DAY_MS, until);
    if (change === null) return match === null ? null : match - offset;
    const due = dueSince(schedule, change, match);
    if (due !== null) return due;
    until = change.at - 1;
  }
  return null;
}

/** The zone's offset changed `at` this instant. */
type Change = Readonly<{ at: number; before: number; after: number }>;

function dueSince(schedule: Schedule, { at, before, after }: Change, match: number | null): number | null {
  const isRepeated = before > after && !schedule.everyHour;
  const first = at + (isRepeated ? before : after);
  if (match !== null && match >= first) return match - after;
  const isSkipped = before < after && !schedule.everyHour;
  return isSkipped && latestMatch(schedule, at + after - 1, at + before) !== null ? at : null;
}

/** The latest change of the offset in (from, until], or null. */
function latestChange({ offsetAt }: Schedule, from: number, until: number): Change | null {
  const after = offsetAt(until);
  for (let late = until; late > from; late -= DAY_MS) {
    const early = Math.max(from, late - DAY_MS);
    if (offsetAt(early) === after) continue;
    const at = firstWith(offsetAt, after, early, late);
    return { at, before: offsetAt(at - 1), after };
  }
  return null;
}

/** The first instant with the offset `after`, which `late` has and `early` has not. */
function firstWith(offsetAt: Schedule['offsetAt'], after: number, early: number, late: number): number {
  let [without, having] = [early, late];
  while (having - without > 1) {
    const middle = Math.floor((without + having) / 2);
    if (offsetAt(middle) === after) having = middle;
    else without = middle;
  }
  return having;
}
