import { createTask, type ScheduledTask } from 'node-cron';
import type { Clock } from '../sync/ambient.ts';
import type { Plan } from './schedule.ts';

/** Wakes the worker when it should look at what is due. */
export interface Alarm {
  /** Resolves at the next tick, after a few seconds, or at once when the worker is stopped or a tick came meanwhile. */
  wait(): Promise<void>;
  /** Ends the timers. */
  end(): void;
}

/**
 * Ticks alone are not enough: node-cron has none for moments that the clocks jump over or that pass while the process is
 * suspended.
 */
const LOOK_ANYWAY_MS = 5_000;
const JUMP_MS = 60_000;

/** Starts the timers of both schedules. */
export function createAlarm(plan: Plan, clock: Clock, stop: AbortSignal): Alarm {
  let bell = new AbortController();
  const ring = (): void => {
    bell.abort();
  };
  stop.addEventListener('abort', ring, { once: true });
  if (stop.aborted) ring();
  let tasks = startTasks(plan, ring);
  let epoch = clock.now().getTime() - clock.monotonicMs();

  const followClock = (): void => {
    const drifted = clock.now().getTime() - clock.monotonicMs() - epoch;
    if (Math.abs(drifted) < JUMP_MS) return;
    epoch += drifted;
    // Left alone, node-cron would walk through every moment between, a year of them if need be, in one go.
    endTasks(tasks);
    tasks = startTasks(plan, ring);
  };

  return {
    wait: async () => {
      const { signal } = bell;
      try {
        await clock.sleep(LOOK_ANYWAY_MS, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
      if (signal.aborted && !stop.aborted) bell = new AbortController();
      followClock();
    },
    end: () => {
      stop.removeEventListener('abort', ring);
      endTasks(tasks);
    },
  };
}

const silent = { info: nothing, warn: nothing, error: nothing, debug: nothing };

function startTasks(plan: Plan, ring: () => void): readonly ScheduledTask[] {
  const tasks = [plan.incremental, plan.full].map(({ expression, zone }) =>
    createTask(expression, ring, { timezone: zone, logger: silent, suppressMissedWarning: true }),
  );
  for (const task of tasks) void task.start();
  return tasks;
}

function endTasks(tasks: readonly ScheduledTask[]): void {
  for (const task of tasks) void task.destroy();
}

function nothing(): void {
  return;
}
