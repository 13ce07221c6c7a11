import { expect, test } from '@jest/globals';
import { raceWriters } from '../../support/writers-race.ts';

/** `RACE_TICKS=300` runs a longer race. */
const TICKS = Number(process.env['RACE_TICKS'] ?? 40);
const CALM_TICKS = 6;
const TAKE_OVER_MS = 5_000;

// Both races at once: most of their time is spent waiting for leases to run out.
test.concurrent.each([2, 3])(
  'promise 7: of %d writers whose holder is killed and suspended, never do two write at once',
  async (writers) => {
    const seed = Number(process.env['RACE_SEED'] ?? (Date.now() + writers) % 1_000_000);
    const result = await raceWriters({ writers, ticks: TICKS, calmTicks: CALM_TICKS, seed });
    process.stdout.write(`race of ${writers} writers: RACE_SEED=${seed} ${JSON.stringify(result)}\n`);

    const { audit, takeOversMs, ...rest } = result;
    expect(rest).toMatchObject({ broken: [], lost: [], fenced: 0 });
    expect(audit).toMatchObject({ overlaps: 0, mixedRuns: 0, stepsBack: 0 });
    expect(audit.transactions).toBeGreaterThanOrEqual(rest.acknowledged);
    expect(takeOversMs.length).toBeGreaterThan(0);
    expect(Math.max(...takeOversMs)).toBeLessThan(TAKE_OVER_MS);
  },
  TICKS * 30_000,
);
