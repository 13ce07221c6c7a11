import type { Schedule } from './schedule.ts';

const DAY_MS = 86_400_000;

/** The latest wall-clock time in [earliest, until] that a schedule names, or null. */
export function latestMatch(schedule: Schedule, until: number, earliest: number): number | null {
  const lastMidnight = Math.floor(until / DAY_MS) * DAY_MS;
  for (let midnight = lastMidnight; midnight + DAY_MS > earliest; midnight -= DAY_MS) {
    if (!schedule.namesDay(midnight)) continue;
    const time = latestTimeOfDay(schedule, until - midnight);
    if (time !== null) return midnight + time >= earliest ? midnight + time : null;
  }
  return null;
}

function latestTimeOfDay({ hours, minutes, seconds }: Schedule, limit: number): number | null {
  for (const hour of hours.toReversed())
    for (const minute of minutes.toReversed()) {
      const start = (hour * 60 + minute) * 60_000;
      if (start > limit) continue;
      const second = seconds.findLast((candidate) => start + candidate * 1000 <= limit);
      if (second !== undefined) return start + second * 1000;
    }
  return null;
}
