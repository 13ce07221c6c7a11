import { describe, expect, test } from '@jest/globals';
import type { Clock } from '../../../src/sync/ambient.ts';
import {
  ConfluenceUnavailable,
  CredentialsRefused,
  Interrupted,
  LeaseTaken,
  WrongConfiguration,
} from '../../../src/sync/errors.ts';
import type { Identity } from '../../../src/sync/source.ts';
import { endInTime } from '../../../src/worker/end-in-time.ts';
import { keepTrying } from '../../../src/worker/keep-trying.ts';
import { leaseIfDue } from '../../../src/worker/lease-if-due.ts';
import { probeCredentials } from '../../../src/worker/probe-credentials.ts';
import { startDelayMs } from '../../../src/worker/start-delay-ms.ts';
import { untilStopped } from '../../../src/worker/until-stopped.ts';
import { quietLog, realClock } from '../../support/test-clock.ts';

const stop = new AbortController().signal;

/** A clock on which every wait is over at once; it keeps how long each was. */
function hastyClock(): Clock & { waits: number[] } {
  const waits: number[] = [];
  return { ...realClock, waits, sleep: (ms) => Promise.resolve(void waits.push(ms)) };
}

describe('probing refused credentials', () => {
  const user: Identity = { kind: 'user', id: 'u-1', displayName: 'Ada' };

  test('waits a minute, then twice as long each time, an hour at most', async () => {
    const clock = hastyClock();
    let tries = 0;
    const whoAmI = () => (++tries < 9 ? Promise.reject(new CredentialsRefused('no')) : Promise.resolve(user));

    await probeCredentials({ source: { whoAmI }, anonymous: false, clock, log: quietLog }, stop);

    expect(clock.waits.map((ms) => ms / 60_000)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  test('takes an anonymous answer for an answer only where it is meant to be anonymous', async () => {
    const answers: Identity[] = [{ kind: 'anonymous' }, { kind: 'anonymous' }, user];
    const whoAmI = () => Promise.resolve(answers.shift() ?? user);
    const clock = hastyClock();
    await probeCredentials({ source: { whoAmI }, anonymous: false, clock, log: quietLog }, stop);
    expect(clock.waits).toHaveLength(3);

    answers.push({ kind: 'anonymous' });
    await probeCredentials({ source: { whoAmI }, anonymous: true, clock, log: quietLog }, stop);
    expect(clock.waits).toHaveLength(4);
  });

  test('ends at once when the worker is stopped', async () => {
    const stopped = AbortSignal.abort(new Interrupted('stopped'));
    const clock: Clock = { ...realClock, sleep: () => Promise.reject(stopped.reason as Error) };
    const whoAmI = () => Promise.resolve(user);

    await expect(
      probeCredentials({ source: { whoAmI }, anonymous: false, clock, log: quietLog }, stopped),
    ).rejects.toThrow(Interrupted);
  });
});

describe('trying to begin', () => {
  test('goes on through outages and another lease holder, with growing pauses', async () => {
    const clock = hastyClock();
    const failures = [
      ...Array.from({ length: 8 }, () => new ConfluenceUnavailable('away')),
      new LeaseTaken('held'),
    ];
    const work = () => {
      const failure = failures.shift();
      return failure === undefined ? Promise.resolve('done') : Promise.reject(failure);
    };

    expect(await keepTrying(work, { clock, random: () => 1, log: quietLog }, stop)).toBe('done');
    expect(clock.waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1000));
  });

  test.each([
    ['a wrong configuration', new WrongConfiguration('wrong')],
    ['a bug', new TypeError('bug')],
  ])('ends at %s', async (_, failure) => {
    const parts = { clock: hastyClock(), random: () => 1, log: quietLog };

    await expect(keepTrying(() => Promise.reject(failure), parts, stop)).rejects.toBe(failure);
  });
});

describe('the delay before the first run', () => {
  const now = Date.parse('2026-05-05T12:00:00Z');
  const run = (outcome: 'succeeded' | 'interrupted' | 'failed' | 'running', minutesAgo: number) => ({
    mode: 'full' as const,
    trigger: 'schedule' as const,
    outcome,
    started_at: new Date(now - minutesAgo * 60_000),
    finished_at: null,
  });

  test('is at most a second after an orderly life', () => {
    expect(startDelayMs([], now, () => 0.999)).toBeLessThan(1_000);
    expect(startDelayMs([run('interrupted', 1), run('succeeded', 2)], now, () => 0.999)).toBeLessThan(1_000);
  });

  test('P27 grows with every run in a row that broke off, up to five minutes', () => {
    const delays = [2, 3, 5, 8, 20].map((count) =>
      startDelayMs(
        Array.from({ length: count }, (_, index) => run('interrupted', index)),
        now,
        () => 1,
      ),
    );

    expect(delays).toEqual([4_000, 8_000, 32_000, 256_000, 300_000]);
  });

  test('forgets what broke off long ago', () => {
    const old = Array.from({ length: 20 }, () => run('failed', 120));

    expect(startDelayMs(old, now, () => 0.999)).toBeLessThan(1_000);
  });
});

describe('work that takes no signal', () => {
  test('is let go when the worker is stopped, and what it still yields is discarded', async () => {
    const controller = new AbortController();
    const discarded: string[] = [];
    let yieldLate: (value: string) => void = () => undefined;
    const work = new Promise<string>((resolve) => (yieldLate = resolve));
    const waiting = untilStopped(controller.signal, work, (value) =>
      Promise.resolve(void discarded.push(value)),
    );
    controller.abort(new Interrupted('stopped'));

    await expect(waiting).rejects.toThrow(Interrupted);
    yieldLate('late');
    await realClock.sleep(1, stop);
    expect(discarded).toEqual(['late']);
  });

  test('has its grace after the stop, and no more', async () => {
    const stopped = AbortSignal.abort(new Interrupted('stopped'));
    const forever = new Promise<void>(() => undefined);

    expect(await endInTime(forever, 20, realClock, stopped)).toBe(false);
    expect(await endInTime(realClock.sleep(5, stop), 10_000, realClock, stopped)).toBe(true);
    expect(await endInTime(realClock.sleep(5, stop), 0, realClock, stop)).toBe(true);
  });
});

describe('the lease of a scheduled run', () => {
  test('is given back at once where another replica has done the run meanwhile', async () => {
    const told: boolean[] = [];
    let released = 0;
    const lease = {
      acquire: () =>
        Promise.resolve({
          lost: stop,
          release: () =>
            Promise.resolve()
              .then(() => released++)
              .then(() => undefined),
        }),
    };
    const terms = (isDue: boolean) => ({
      isStillDue: () => Promise.resolve(isDue),
      leaseHeld: (held: boolean) => void told.push(held),
      stop,
    });

    await expect(leaseIfDue(lease, terms(false)).acquire()).rejects.toThrow(LeaseTaken);
    expect([released, told]).toEqual([1, []]);
    const grant = await leaseIfDue(lease, terms(true)).acquire();
    await grant.release();
    expect([released, told]).toEqual([2, [true, false]]);
  });
});
