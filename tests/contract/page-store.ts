import { afterAll, afterEach, beforeAll, beforeEach, describe } from '@jest/globals';
import type { LeaseGrant } from '../../src/sync/store.ts';
import { crashTests } from './page-store-crashes.ts';
import { feedTests } from './page-store-feed.ts';
import { leaseTests } from './page-store-lease.ts';
import { loadingTests } from './page-store-loading.ts';
import { quarantineTests } from './page-store-quarantine.ts';
import { readingTests } from './page-store-reading.ts';
import { schemaTests } from './page-store-schema.ts';
import type { OpenStore, StoreUnderTest } from './page-store-values.ts';

/** What every store must do, whichever database is under it. */
export function pageStoreContract(name: string, open: OpenStore): void {
  describe(`the store on ${name}`, () => {
    let store: StoreUnderTest | null = null;
    let grant: LeaseGrant | null = null;
    const current = (): StoreUnderTest => {
      if (store === null) throw new Error('the store is not open');
      return store;
    };

    beforeAll(async () => {
      store = await open();
    });
    beforeEach(async () => {
      await empty(current());
      grant = await current().database.lease.acquire();
    });
    afterEach(async () => {
      await grant?.release();
    });
    afterAll(async () => {
      await store?.close();
    });

    loadingTests(current);
    feedTests(current);
    quarantineTests(current);
    readingTests(current);
    leaseTests(current, () => grant);
    crashTests(current);
    schemaTests(current);
  });
}

async function empty({ query }: StoreUnderTest): Promise<void> {
  await query(`truncate confluence_pages, confluence_page_bodies, confluence_page_changes, confluence_sync_failures,
    confluence_sync_runs, confluence_sync_spaces`);
  await query(`update confluence_sync_state set changes_removed_to = null, deployment = null, base_url = null, cloud_id = null,
    lease_holder = null, lease_expires_at = null, pages_at_work = '[]', crashes = '{}'`);
}
