import fc from 'fast-check';
import { nastyText } from './fuzz.ts';

const digits = fc.oneof(
  fc.nat({ max: 40 }).map(String),
  fc.bigInt().map(String),
  fc.double().map(String),
  fc.integer({ min: 1, max: 500 }).map((length) => '9'.repeat(length)),
  fc.constantFrom(
    '0',
    '-0',
    '+7',
    '007',
    '7.',
    '.5',
    '1e3',
    '1E400',
    '0x10',
    '0b1',
    '1_000',
    '1,5',
    '7 7',
    '7s',
    '7;',
    '7, 9',
    '７',
    '٧',
    '१',
    '²',
    'Infinity',
    '-Infinity',
    'NaN',
    'null',
    'undefined',
    '[object Object]',
    '1.7976931348623157e308',
    '2147483648',
    '9223372036854775807',
    '4294967296',
    '-9223372036854775808',
    '0.0000001',
    '0.9999',
    '1.0000001',
    '999.9999999999',
  ),
);

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const LONG_DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const near = fc.date({
  min: new Date('2026-03-19T00:00:00Z'),
  max: new Date('2026-03-21T00:00:00Z'),
  noInvalidDate: true,
});
const anyTime = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
});

/** The three forms in which HTTP writes a date (RFC 9110, 5.6.7), and ISO 8601, which is in use as well. */
const forms: readonly ((date: Date) => string)[] = [
  (date) => date.toUTCString(),
  (date) => {
    const [, day = '', month = '', year = '', time = ''] = date.toUTCString().split(' ');
    return `${LONG_DAYS[date.getUTCDay()] ?? ''}, ${day}-${month}-${year.slice(-2)} ${time} GMT`;
  },
  (date) => {
    const [, day = '', month = '', year = '', time = ''] = date.toUTCString().split(' ');
    return `${DAYS[date.getUTCDay()] ?? ''} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`;
  },
  (date) => date.toISOString(),
  (date) => date.toISOString().replace(/Z$/, '+05:30'),
  (date) => date.toISOString().replace(/\..*$/, ''),
  (date) => String(date.getTime()),
  (date) => String(Math.floor(date.getTime() / 1000)),
];
const dates = fc.tuple(fc.oneof(near, anyTime), fc.constantFrom(...forms)).map(([date, form]) => form(date));
const broken = fc
  .tuple(dates, fc.nat(30), nastyText)
  .map(([date, at, text]) => date.slice(0, at) + text + date.slice(at));
const value = fc.oneof(digits, dates, dates, broken, nastyText, fc.constant(''));

/** What an answer may say of how long to wait, in every form and none, with clocks that do not agree. */
export const waitHeaders: fc.Arbitrary<Readonly<Record<string, string>>> = fc.record(
  {
    'retry-after': value,
    date: fc.oneof(dates, value),
    'x-ratelimit-reset': value,
    'x-ratelimit-remaining': digits,
    'x-ratelimit-limit': digits,
    'x-ratelimit-interval-seconds': digits,
    'x-ratelimit-nearlimit': fc.constantFrom('true', 'false', ''),
  },
  { requiredKeys: [] },
);
