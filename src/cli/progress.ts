import { SingleBar } from 'cli-progress';
import type { Run, RunObserver } from '../sync/run.ts';
import type { ApiCounts } from '../sync/source.ts';
import type { Clock } from '../sync/ambient.ts';
import type { Output } from './context.ts';

/** Shows a run's progress on a terminal. */
export type Progress = Readonly<{ observer: RunObserver; end(): void }>;

/** Shows nothing. */
export const SILENT: Progress = {
  observer: { planned: () => undefined, advanced: () => undefined, changed: () => undefined },
  end: () => undefined,
};

/**
 * A bar with pages, pages a second, requests and the time left. On a first run nobody knows how many pages will come: then
 * the share of spaces that are done stands for the time left.
 */
export function createProgress(output: Output, clock: Clock, counts: () => ApiCounts): Progress {
  const started = clock.monotonicMs();
  const bar = new SingleBar({
    stream: output,
    format: '{bar} {pages} pages · {rate}/s · {requests} requests · {left}',
    hideCursor: true,
    clearOnComplete: true,
    forceRedraw: true,
  });
  let expected = 0;
  const observer: RunObserver = {
    planned(_spaces, knownPages) {
      expected = knownPages;
      bar.start(1000, 0, { pages: 0, rate: 0, requests: counts().requests, left: 'time left unknown' });
    },
    advanced(run) {
      const pages = run.total.counts().listed;
      const seconds = (clock.monotonicMs() - started) / 1000;
      const share = shareDone(run, pages, expected);
      const left = share > 0.01 ? `${formatSeconds(seconds / share - seconds)} left` : 'time left unknown';
      bar.update(Math.floor(share * 1000), {
        pages,
        rate: Math.round(pages / seconds),
        requests: counts().requests,
        left,
      });
    },
    changed: () => undefined,
  };
  const end = () => {
    bar.stop();
  };
  return { observer, end };
}

function shareDone(run: Run, pages: number, expected: number): number {
  if (expected > 0) return Math.min(pages / expected, 1);
  const done = run.spaces.filter((state) => state.finished).length;
  return run.spaces.length === 0 ? 0 : done / run.spaces.length;
}

function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
