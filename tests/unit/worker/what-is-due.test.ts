import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RunMode } from '../../../src/sync/report.ts';
import { parseSchedule } from '../../../src/worker/parse-schedule.ts';
import type { Plan } from '../../../src/worker/schedule.ts';
import { dueMoments, whatIsDue, type Moments, type PastRun } from '../../../src/worker/what-is-due.ts';

const NEVER: Moments = { incremental: -Infinity, full: -Infinity };
const plan = planIn('UTC');

function planIn(zone: string): Plan {
  return {
    incremental: parseSchedule('SYNC_CRON', '*/15 * * * *', zone),
    full: parseSchedule('RECONCILE_CRON', '30 2 * * *', zone),
  };
}

function ran(mode: RunMode, at: string): PastRun {
  return { mode, finishedAt: Date.parse(at) };
}

function dueAt(now: string, runs: readonly PastRun[], handled: Moments = NEVER): RunMode | null {
  const at = Date.parse(now);
  return whatIsDue(dueMoments(plan, at), { runs, handled }, at);
}

describe('what is due', () => {
  test('on an empty mirror it is a full run', () => {
    expect(dueAt('2026-05-05T12:00:00Z', [])).toBe('full');
  });

  test('after a run since the last due moment it is nothing', () => {
    expect(dueAt('2026-05-05T12:14:59Z', [ran('full', '2026-05-05T12:00:01Z')])).toBeNull();
  });

  test('after a full run today it is an incremental one', () => {
    expect(dueAt('2026-05-05T12:15:00Z', [ran('full', '2026-05-05T12:00:01Z')])).toBe('incremental');
  });

  test('a full run counts as an incremental one, and not the other way round', () => {
    const yesterday = ran('full', '2026-05-04T02:31:00Z');

    expect(dueAt('2026-05-05T02:31:00Z', [yesterday, ran('incremental', '2026-05-05T02:30:30Z')])).toBe(
      'full',
    );
    expect(dueAt('2026-05-05T02:31:00Z', [ran('full', '2026-05-05T02:30:30Z')])).toBeNull();
  });

  test('a full run that was tried in vain takes the place of the next incremental one', () => {
    const runs = [ran('full', '2026-05-04T02:31:00Z'), ran('incremental', '2026-05-05T02:16:00Z')];
    const tried = dueMoments(plan, Date.parse('2026-05-05T02:30:00Z'));

    expect(dueAt('2026-05-05T02:44:00Z', runs, tried)).toBeNull();
    expect(dueAt('2026-05-05T02:45:00Z', runs, tried)).toBe('full');
  });

  test('P12 runs and handled moments from the future neither stall the worker nor make a storm', () => {
    const future = [ran('full', '2027-05-05T12:00:00Z')];
    const handled = {
      incremental: Date.parse('2027-05-05T12:00:00Z'),
      full: Date.parse('2027-05-05T02:30:00Z'),
    };

    expect(dueAt('2026-05-05T12:00:00Z', future)).toBe('full');
    expect(
      dueAt('2026-05-05T12:00:01Z', [...future, ran('full', '2026-05-05T12:00:00Z')], handled),
    ).toBeNull();
  });
});

const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
const instant = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2029, 0) });
const plans = new Map<string, Plan>();

test('P11 in every zone any length of suspension makes exactly one catch-up run', () => {
  fc.assert(
    fc.property(zone, instant, fc.nat(20 * 86_400_000), (name, before, away) => {
      const itsPlan = plans.get(name) ?? planIn(name);
      plans.set(name, itsPlan);
      const now = before + away;
      const runs: PastRun[] = [{ mode: 'full', finishedAt: before }];
      const modes: RunMode[] = [];
      for (let looks = 0; looks < 5; looks++) {
        const mode = whatIsDue(dueMoments(itsPlan, now), { runs, handled: NEVER }, now);
        if (mode === null) break;
        modes.push(mode);
        runs.push({ mode, finishedAt: now });
      }

      expect(modes.length).toBeLessThanOrEqual(1);
      if (away >= 15 * 60_000) expect(modes).toHaveLength(1);
      // A day and an hour: one day of the year is longer than 24 hours.
      if (away >= 25 * 3_600_000) expect(modes).toEqual(['full']);
    }),
    { numRuns: 500 },
  );
}, 120_000);

test('P13 in every zone a year of half-hourly looks makes a full run each day and never two within 20 hours', () => {
  fc.assert(
    fc.property(zone, fc.integer({ min: 2024, max: 2028 }), (name, year) => {
      const itsPlan = { ...planIn(name), incremental: parseSchedule('SYNC_CRON', '0 * * * *', name) };
      const fulls: number[] = [];
      let runs: PastRun[] = [{ mode: 'full', finishedAt: Date.UTC(year, 0) }];
      for (let now = Date.UTC(year, 0); now < Date.UTC(year + 1, 0); now += 30 * 60_000) {
        const mode = whatIsDue(dueMoments(itsPlan, now), { runs, handled: NEVER }, now);
        if (mode === null) continue;
        if (mode === 'full') fulls.push(now);
        runs = [...runs.filter((run) => run.mode !== mode), { mode, finishedAt: now }];
      }

      expect(Math.abs(fulls.length - 365)).toBeLessThanOrEqual(2);
      for (const [index, at] of fulls.slice(1).entries())
        expect(at - (fulls[index] ?? 0)).toBeGreaterThanOrEqual(20 * 3_600_000);
    }),
    { numRuns: 4 },
  );
}, 120_000);
