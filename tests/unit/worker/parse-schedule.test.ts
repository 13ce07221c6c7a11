import { expect, test } from '@jest/globals';
import { WrongConfiguration } from '../../../src/sync/errors.ts';
import { parseSchedule } from '../../../src/worker/parse-schedule.ts';

test.each([
  ['61 * * * *', 'minute'],
  ['* 24 * * *', 'hour'],
  ['* * * * 9', 'week'],
  ['canary * * * *', 'minute'],
  ['0 0 30 2 *', 'day'],
  ['0 0 31 2,4,6,9,11 *', 'day'],
  ['0 0 29 2 1#1', 'no date'],
  ['', 'expression'],
])('P15 the expression "%s" is refused with a word about the %s', (expression, word) => {
  const parse = () => parseSchedule('RECONCILE_CRON', expression, 'UTC');

  expect(parse).toThrow(WrongConfiguration);
  expect(parse).toThrow(/^RECONCILE_CRON /);
  expect(parse).toThrow(new RegExp(word, 'i'));
  expect(parse).not.toThrow(/canary/);
});

test.each([
  '*/15 * * * *',
  '0 3 * * *',
  '0 0 29 2 *',
  '0 0 29 2 1',
  '*/5 * * * * *',
  '0 0 15W * 1-5',
  '0 22-2 * * *',
])('the expression "%s" is taken', (expression) => {
  expect(parseSchedule('SYNC_CRON', expression, 'Europe/Berlin').expression).toBe(expression);
});
