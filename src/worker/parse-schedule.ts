import { createTask, validateDetailed } from 'node-cron';
import { WrongConfiguration } from '../sync/errors.ts';
import { latestMatch } from './latest-match.ts';
import type { Schedule } from './schedule.ts';
import { zoneOffset } from './zone-offset.ts';

/** In 40 years every day of the calendar meets every day of the week. */
const YEARS_TO_SEARCH = 40;

/**
 * Reads a cron expression of five or six fields, in node-cron's dialect. Throws `WrongConfiguration`, which names the
 * setting and the field, for one that is wrong or never comes true.
 */
export function parseSchedule(setting: string, expression: string, zone: string): Schedule {
  const { fields, errors } = validateDetailed(expression);
  if (fields === undefined) throw wrong(setting, `its ${errors[0]?.field ?? 'expression'} is wrong`);
  const months = new Set(fields.month);
  const matcher = createTask(expression, () => undefined, { timezone: 'UTC' });
  // The registry of node-cron would keep it for ever; what is asked of it needs no registry.
  void matcher.destroy();
  const [hours, minutes, seconds] = [fields.hour, fields.minute, fields.second].map(sorted);
  const firstOfDay = ((hours?.[0] ?? 0) * 60 + (minutes?.[0] ?? 0)) * 60_000 + (seconds?.[0] ?? 0) * 1000;
  const schedule: Schedule = {
    expression,
    zone,
    hours: hours ?? [],
    minutes: minutes ?? [],
    seconds: seconds ?? [],
    everyHour: hours?.length === 24,
    namesDay: (midnight) =>
      months.has(new Date(midnight).getUTCMonth() + 1) && matcher.match(new Date(midnight + firstOfDay)),
    offsetAt: zoneOffset(zone),
  };
  if (neverFires(schedule)) throw wrong(setting, 'no date ever matches it');
  return schedule;
}

function sorted(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((left, right) => left - right);
}

function neverFires(schedule: Schedule): boolean {
  const [from, to] = [Date.UTC(2020, 0), Date.UTC(2020 + YEARS_TO_SEARCH, 0)];
  return latestMatch(schedule, to, from) === null;
}

function wrong(setting: string, why: string): WrongConfiguration {
  return new WrongConfiguration(
    `${setting} is no cron expression that can be followed: ${why}; five fields are minute, hour, day of month, month and day of week, such as */15 * * * *`,
  );
}
