import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDate } from '../../../src/confluence/parse/read-date.ts';

test.each([
  ['2026-03-19T14:23:48.556Z', '2026-03-19T14:23:48.556Z'],
  ['2022-04-27T07:15:13.012+10:00', '2022-04-26T21:15:13.012Z'],
  ['2016-01-02T00:00:00.000+1100', '2016-01-01T13:00:00.000Z'],
  ['2016-01-02T00:00:00Z', '2016-01-02T00:00:00.000Z'],
  ['2024-02-29T23:59:59.9-0330', '2024-03-01T03:29:59.900Z'],
  ['2026-03-19T14:23:48.556999Z', '2026-03-19T14:23:48.556Z'],
  ['0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
])('%s is read', (text, expected) => {
  expect(readDate(text)?.toISOString()).toBe(expected);
});

test.each([
  '2023-02-29T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01T25:00:00Z',
  '2026-01-01T00:00:00+25:00',
  '0001-01-01T00:00:00+10:00',
  '0000-06-01T00:00:00Z',
  '9999-12-31T23:59:59-10:00',
  '+012026-01-01T00:00:00Z',
  '2026-01-01T00:00:00',
  '2026-01-01',
  'yesterday 1',
  '',
  null,
  1773930228556,
])('%p is no date', (value) => {
  expect(readDate(value)).toBeNull();
});

test('every date that is written in ISO form is read back', () => {
  const years = {
    min: new Date('0001-01-02T00:00:00Z'),
    max: new Date('9999-12-30T00:00:00Z'),
    noInvalidDate: true,
  };
  fc.assert(
    fc.property(fc.date(years), (date) => {
      expect(readDate(date.toISOString())).toEqual(date);
    }),
  );
});
