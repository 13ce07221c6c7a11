import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { askedWaitMs } from '../../../src/confluence/client/asked-wait-ms.ts';

const now = new Date('2026-03-20T10:00:00Z');
const wait = (headers: Record<string, string>) => askedWaitMs(new Map(Object.entries(headers)), now);

test.each([
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': ' 7 ' }, 7000],
  [{ 'retry-after': '0' }, 1000],
  [{ 'retry-after': '-3' }, 1000],
  [{ 'retry-after': '1.5' }, 1500],
  [{ 'retry-after': 'Fri, 20 Mar 2026 10:00:20 GMT' }, 20_000],
  [{ 'retry-after': 'Fri, 20 Mar 2026 09:00:00 GMT' }, 1000],
  [{ 'retry-after': 'Fri, 20 Mar 2026 12:00:20 GMT', date: 'Fri, 20 Mar 2026 12:00:00 GMT' }, 20_000],
  [{ 'retry-after': 'Friday, 20-Mar-26 10:00:20 GMT' }, 20_000],
  [{ 'retry-after': 'Fri Mar 20 10:00:20 2026' }, 20_000],
  [{ 'retry-after': 'Fri Foo 20 10:00:20 2026' }, null],
  [{ 'retry-after': '9'.repeat(400) }, Number.MAX_SAFE_INTEGER],
  [{ 'retry-after': 'soon', 'x-ratelimit-reset': '2026-03-20T10:00:30Z' }, 30_000],
  [{ 'retry-after': '3', 'x-ratelimit-reset': '2026-03-20T10:00:30Z' }, 3000],
  [{ 'x-ratelimit-reset': '1774000000' }, null],
  [{ 'retry-after': '7 bananas' }, null],
  [{}, null],
])('%p asks for %p ms', (headers, expected) => {
  expect(wait(headers)).toBe(expected);
});

test('whatever the headers hold, the wait is at least a second or not asked for', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (after, reset, date) => {
      const ms = wait({ 'retry-after': after, 'x-ratelimit-reset': reset, date });
      expect(ms === null || ms >= 1000).toBe(true);
    }),
  );
});
