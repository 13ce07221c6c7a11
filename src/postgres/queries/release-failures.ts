import { sql } from 'kysely';
import { comparePageIds } from '../../sync/page-id.ts';
import { takeWritersLock } from '../fence.ts';
import type { Tx } from '../transactions.ts';

// Both take the writers' lock: two who lock the same rows in another order would stop each other (40P01).

/** Makes pages in quarantine due now, all of them with null. Returns their ids, ordered as numbers. */
export async function retryFailures(
  tx: Tx,
  schema: string,
  ids: readonly string[] | null,
): Promise<readonly string[]> {
  await takeWritersLock(tx, schema);
  const rows = await tx
    .updateTable('confluence_sync_failures')
    .set({ next_retry_at: sql<Date>`statement_timestamp()` })
    .$if(ids !== null, (update) => update.where(sql<boolean>`page_id = any (${ids}::text[])`))
    .returning('page_id')
    .execute();
  return rows.map(({ page_id }) => page_id).sort(comparePageIds);
}

/** Takes pages out of the quarantine. Returns the ids that were in it, ordered as numbers. */
export async function forgetFailures(
  tx: Tx,
  schema: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  await takeWritersLock(tx, schema);
  const rows = await tx
    .deleteFrom('confluence_sync_failures')
    .where(sql<boolean>`page_id = any (${ids}::text[])`)
    .returning('page_id')
    .execute();
  return rows.map(({ page_id }) => page_id).sort(comparePageIds);
}
