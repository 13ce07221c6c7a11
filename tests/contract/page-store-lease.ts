import { describe, expect, test } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { LeaseLost, LeaseTaken } from '../../src/sync/errors.ts';
import type { LeaseGrant } from '../../src/sync/store.ts';
import { batch, record } from './page-store-values.ts';
import type { StoreUnderTest } from './page-store-values.ts';

/** One writer at a time. */
export function leaseTests(current: () => StoreUnderTest, grant: () => LeaseGrant | null): void {
  const takeOver = () =>
    current().query(`update confluence_sync_state set lease_token = lease_token + 1, lease_holder = 'another',
      lease_expires_at = now() + interval '1 hour'`);
  const write = () => current().database.store.load(batch({ records: [record('7')] }));

  describe('the lease', () => {
    test('promise 7: is not granted while its holder renews it', async () => {
      await expect(current().database.lease.acquire()).rejects.toThrow(LeaseTaken);
    });

    test('promise 7: a worker that lost it writes nothing', async () => {
      await takeOver();
      const { store } = current().database;

      await expect(write()).rejects.toThrow(LeaseLost);
      await expect(store.rehash([{ id: '7', contentHash: 'x', hashVersion: 2 }])).rejects.toThrow(LeaseLost);
      await expect(store.forgetFailures(['7'])).rejects.toThrow(LeaseLost);
      await expect(store.countCrashes()).rejects.toThrow(LeaseLost);
      await expect(store.workOn(['7'])).rejects.toThrow(LeaseLost);
      await expect(store.forgetCrashes()).rejects.toThrow(LeaseLost);
      await expect(
        store.bindSite({ deployment: 'cloud', baseUrl: 'https://x', cloudId: null, version: null }),
      ).rejects.toThrow(LeaseLost);
      expect(await current().query('select id from confluence_pages')).toEqual([]);
    });

    test('a worker that lost it is told within two seconds', async () => {
      await takeOver();

      await setTimeout(2_000);

      expect(grant()?.lost.aborted).toBe(true);
      expect(grant()?.lost.reason).toBeInstanceOf(LeaseLost);
    });

    test('without it nothing is written', async () => {
      await grant()?.release();

      await expect(write()).rejects.toThrow(LeaseLost);
    });

    test('is renewed for as long as it is not given back', async () => {
      await setTimeout(5_000);

      await expect(write()).resolves.toBeDefined();
      const [state] = await current().query(
        'select lease_expires_at > now() as held from confluence_sync_state',
      );
      expect(state).toEqual({ held: true });
    });

    test('given back, it can be had at once', async () => {
      await grant()?.release();

      const next = await current().database.lease.acquire();

      await expect(write()).resolves.toBeDefined();
      await next.release();
    });

    test('of a dead holder is taken over when its time is over', async () => {
      await grant()?.release();
      await current()
        .query(`update confluence_sync_state set lease_holder = 'dead', lease_token = lease_token + 1,
        lease_expires_at = now() + interval '1 second'`);

      const next = await current().database.lease.acquire();

      await expect(write()).resolves.toBeDefined();
      await next.release();
    });

    test('giving it back late does not take it from the next holder', async () => {
      await takeOver();

      await grant()?.release();

      expect(await current().query('select lease_holder from confluence_sync_state')).toEqual([
        { lease_holder: 'another' },
      ]);
    });
  });
}
