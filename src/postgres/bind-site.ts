import { WrongSite } from '../sync/errors.ts';
import type { Site } from '../sync/source.ts';
import type { Tx } from './transactions.ts';

type BoundSite = Readonly<{ base_url: string | null; cloud_id: string | null }>;

/**
 * Remembers the site at the first call and throws `WrongSite` when it is another one later. Where both cloud ids are known
 * they decide; a site may change its address, and another may take it.
 */
export async function bindSite(tx: Tx, schema: string, site: Site): Promise<void> {
  const state = tx.withSchema(schema);
  const columns = ['deployment', 'base_url', 'cloud_id'] as const;
  const bound = await state.selectFrom('confluence_sync_state').select(columns).executeTakeFirst();
  if (bound !== undefined && !isSameSite(bound, site)) throw wrongSite(bound, site);
  const cloudId = site.cloudId ?? bound?.cloud_id ?? null;
  const known = [bound?.deployment, bound?.base_url, bound?.cloud_id];
  if (known[0] === site.deployment && known[1] === site.baseUrl && known[2] === cloudId) return;
  await state
    .updateTable('confluence_sync_state')
    .set({ deployment: site.deployment, base_url: site.baseUrl, cloud_id: cloudId })
    .execute();
}

function isSameSite(bound: BoundSite, site: Site): boolean {
  if (bound.base_url === null) return true;
  if (bound.cloud_id !== null && site.cloudId !== null) return bound.cloud_id === site.cloudId;
  return bound.base_url === site.baseUrl;
}

function wrongSite(bound: BoundSite, site: Site): WrongSite {
  return new WrongSite(
    `the database mirrors ${bound.base_url ?? 'another site'}, not ${site.baseUrl}: set DATABASE_URL or DATABASE_SCHEMA to a place of its own for this site`,
  );
}
