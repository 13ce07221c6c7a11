import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTask } from 'node-cron';
import { lastDue } from '../../../src/worker/last-due.ts';
import { parseSchedule } from '../../../src/worker/parse-schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ZONES = Intl.supportedValuesOf('timeZone');

function due(expression: string, zone: string, now: string): string | null {
  const at = lastDue(parseSchedule('SYNC_CRON', expression, zone), Date.parse(now));
  return at === null ? null : new Date(at).toISOString();
}

describe('the latest due moment', () => {
  test.each([
    ['*/15 * * * *', 'UTC', '2026-03-29T10:07:00Z', '2026-03-29T10:00:00.000Z'],
    ['*/15 * * * *', 'UTC', '2026-03-29T10:15:00Z', '2026-03-29T10:15:00.000Z'],
    ['0 3 * * *', 'UTC', '2026-03-29T02:59:59.999Z', '2026-03-28T03:00:00.000Z'],
    ['*/10 * * * * *', 'UTC', '2026-03-29T10:07:39Z', '2026-03-29T10:07:30.000Z'],
    ['0 0 29 2 *', 'UTC', '2026-03-29T10:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0 3 * * 1', 'Asia/Kathmandu', '2026-03-29T10:00:00Z', '2026-03-22T21:15:00.000Z'],
    ['0 0 L * *', 'UTC', '2026-03-29T10:00:00Z', '2026-02-28T00:00:00.000Z'],
  ])('of %s in %s at %s is %s', (expression, zone, now, expected) => {
    expect(due(expression, zone, now)).toBe(expected);
  });

  test('P13 a time that the clocks jump over is due at the end of the gap', () => {
    expect(due('30 2 * * *', 'Europe/Berlin', '2026-03-29T10:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(due('30 2 * * *', 'Europe/Berlin', '2026-03-29T00:59:59Z')).toBe('2026-03-28T01:30:00.000Z');
  });

  test('P14 a time that the clocks show twice is due once, the first time', () => {
    expect(due('30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(due('30 2 * * *', 'Europe/Berlin', '2026-10-25T20:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  });

  test('P14 a schedule of every hour loses no hour and gains none', () => {
    const schedule = parseSchedule('SYNC_CRON', '*/30 * * * *', 'Europe/Berlin');
    for (const day of ['2026-03-29', '2026-10-25']) {
      const start = Date.parse(`${day}T00:00:00Z`);
      for (let at = start; at < start + 4 * HOUR; at += 30 * MINUTE) {
        expect(lastDue(schedule, at)).toBe(at);
        expect(lastDue(schedule, at + 29 * MINUTE)).toBe(at);
      }
    }
  });
});

const zone = fc.constantFrom(...ZONES);
const instant = fc.integer({ min: Date.UTC(2023, 0), max: Date.UTC(2030, 0) });
const field = (highest: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: 2, max: highest }).map((step) => `*/${step}`),
    fc.integer({ min: 0, max: highest }).map(String),
  );
const expression = fc.tuple(field(59), field(23)).map(([minute, hour]) => `${minute} ${hour} * * *`);

/** The instants around which a zone changes its offset near `at`. */
function changesNear(offsetAt: (instant: number) => number, at: number): number[] {
  const hours = Array.from({ length: 96 }, (_, index) => at + (index - 60) * HOUR);
  return hours.filter((hour) => offsetAt(hour) !== offsetAt(hour + HOUR));
}

test('in every zone the latest due moment is what node-cron matches, with none after it', () => {
  fc.assert(
    fc.property(zone, expression, instant, (name, text, at) => {
      const schedule = parseSchedule('SYNC_CRON', text, name);
      const found = lastDue(schedule, at) ?? Number.NaN;

      expect(found).toBeLessThanOrEqual(at);
      expect(lastDue(schedule, found)).toBe(found);
      if (changesNear(schedule.offsetAt, at).length > 0) return;
      const task = createTask(text, () => undefined, { timezone: name });
      void task.destroy();
      expect(task.match(new Date(found))).toBe(true);
      for (let minute = Math.floor(at / MINUTE) * MINUTE; minute > found; minute -= MINUTE)
        expect(task.match(new Date(minute))).toBe(false);
    }),
    { numRuns: 300 },
  );
}, 120_000);

test('in every zone a later look never finds an earlier moment', () => {
  fc.assert(
    fc.property(zone, expression, instant, fc.nat(3 * DAY), (name, text, at, later) => {
      const schedule = parseSchedule('SYNC_CRON', text, name);

      expect(lastDue(schedule, at + later) ?? 0).toBeGreaterThanOrEqual(lastDue(schedule, at) ?? 0);
    }),
    { numRuns: 300 },
  );
});

test('in every zone a daily schedule is due once on each day of the year, whatever the clocks do', () => {
  const schedules = fc.tuple(zone, fc.nat(23), fc.nat(59), fc.integer({ min: 2022, max: 2029 }));
  fc.assert(
    fc.property(schedules, ([name, hour, minute, year]) => {
      const schedule = parseSchedule('RECONCILE_CRON', `${minute} ${hour} * * *`, name);
      const [from, to] = [Date.UTC(year, 0, 10), Date.UTC(year, 11, 20)];
      const days = new Set<string>();
      let count = 0;
      for (let at = lastDue(schedule, to) ?? 0; at > from; at = lastDue(schedule, at - 1) ?? 0, count++)
        days.add(new Date(at + schedule.offsetAt(at)).toISOString().slice(0, 10));

      const expected = Math.round((to - from) / DAY);
      expect(Math.abs(count - expected)).toBeLessThanOrEqual(1);
      expect(days.size).toBe(count);
    }),
    { numRuns: 40 },
  );
}, 120_000);
