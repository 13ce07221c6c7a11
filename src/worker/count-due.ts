import { lastDue } from './last-due.ts';
import type { Schedule } from './schedule.ts';

const MOST = 1000;

/** How many moments of a schedule lie in (from, until]; a thousand at most. */
export function countDue(schedule: Schedule, from: number, until: number): number {
  let count = 0;
  for (let due = lastDue(schedule, until); due !== null && due > from && count < MOST; count++)
    due = lastDue(schedule, due - 1);
  return count;
}
