import type { Random } from '../sync/ambient.ts';
import type { JournalRow } from './past-runs.ts';

const SHORTEST_MS = 1_000;
const LONGEST_MS = 300_000;
const RECENT_MS = 3_600_000;

/**
 * How long a starting worker waits before its first run: up to a second, so that replicas do not start as one, and up to five
 * minutes where the latest runs did not come to their end, so that a container in a crash loop does not hammer Confluence.
 */
export function startDelayMs(latestFirst: readonly JournalRow[], now: number, random: Random): number {
  const firstGood = latestFirst.findIndex((run) => !brokeOff(run) || isOld(run, now));
  const brokenRuns = firstGood === -1 ? latestFirst.length : firstGood;
  // One broken run is what any restart leaves behind.
  if (brokenRuns <= 1) return random() * SHORTEST_MS;
  return Math.min(LONGEST_MS, SHORTEST_MS * 2 ** brokenRuns) * (0.5 + random() / 2);
}

function brokeOff({ outcome }: JournalRow): boolean {
  return outcome === 'interrupted' || outcome === 'failed' || outcome === 'running';
}

function isOld({ started_at: startedAt }: JournalRow, now: number): boolean {
  return now - startedAt.getTime() > RECENT_MS;
}
