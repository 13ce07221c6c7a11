import { describe, expect, test } from '@jest/globals';
import type { Deployment } from '../../../src/sample-site/sample-site.ts';
import { LIES, type Lie } from './lies.ts';
import { liveThrough } from './liar.ts';

/** `LIE_SEED=7` plays one seed, `LIE_SEEDS=200` more of them. */
const { LIE_SEED: only, LIE_SEEDS: count = '20' } = process.env;

/** The tests of all lies that are told on a deployment. */
export function testLies(deployment: Deployment): void {
  const lies = LIES.filter(({ on }) => on.includes(deployment));
  describe(`a ${deployment} site that lies`, () => {
    test.each(lies.map((lie) => ({ lie, name: lie.is.join(' and ') })))(
      '$name: no live page goes, and every true deletion arrives with the next complete run',
      async ({ lie }) => {
        const wrong: string[] = [];

        for (const seed of seedsOf(lie, deployment))
          for (const said of await liveThrough(lie, deployment, seed)) wrong.push(`seed ${seed}: ${said}`);

        expect(wrong).toEqual([]);
      },
      300_000,
    );
  });
}

/** The seeds of a lie are parted among the deployments that it is told on. */
function seedsOf({ on }: Lie, deployment: Deployment): number[] {
  if (only !== undefined) return [Number(only)];
  const all = Array.from({ length: Number(count) }, (_, index) => index + 1);
  return all.filter((seed) => on[seed % on.length] === deployment);
}
