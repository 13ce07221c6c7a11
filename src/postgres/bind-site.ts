import { assertSameSite } from '../sync/assert-same-site.ts';
import type { Site } from '../sync/source.ts';
import type { Tx } from './transactions.ts';

/** Remembers the site at the first call and throws `WrongSite` when it is another one later. */
export async function bindSite(tx: Tx, schema: string, site: Site): Promise<void> {
  const state = tx.withSchema(schema);
  const columns = ['deployment', 'base_url', 'cloud_id'] as const;
  const bound = await state.selectFrom('confluence_sync_state').select(columns).executeTakeFirst();
  if (typeof bound?.base_url === 'string')
    assertSameSite({ baseUrl: bound.base_url, cloudId: bound.cloud_id }, site);
  const cloudId = site.cloudId ?? bound?.cloud_id ?? null;
  const known = [bound?.deployment, bound?.base_url, bound?.cloud_id];
  if (known[0] === site.deployment && known[1] === site.baseUrl && known[2] === cloudId) return;
  await state
    .updateTable('confluence_sync_state')
    .set({ deployment: site.deployment, base_url: site.baseUrl, cloud_id: cloudId })
    .execute();
}
