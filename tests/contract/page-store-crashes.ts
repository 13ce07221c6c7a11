import { describe, expect, test } from '@jest/globals';
import type { StoreUnderTest } from './page-store-values.ts';

/** What a worker leaves behind when it dies. */
export function crashTests(current: () => StoreUnderTest): void {
  const store = () => current().database.store;
  const counted = async () => Object.fromEntries(await store().countCrashes());

  describe('the crash watch', () => {
    test('counts a page that a worker left at work, once a run', async () => {
      await store().workOn(['7', '8']);

      expect(await counted()).toEqual({ '7': 1, '8': 1 });
      expect(await counted()).toEqual({ '7': 1, '8': 1 });

      await store().workOn(['8']);
      expect(await counted()).toEqual({ '7': 1, '8': 2 });
    });

    test('counts nothing where the work was put away', async () => {
      await store().workOn(['7']);
      await store().workOn([]);

      expect(await counted()).toEqual({});
    });

    test('forgets all when a run came to its end', async () => {
      await store().workOn(['7']);
      await store().countCrashes();
      await store().forgetCrashes();

      expect(await counted()).toEqual({});
    });
  });
}
