import { sql } from 'kysely';
import type { Rehash } from '../sync/store.ts';
import type { TableNames } from './table-names.ts';
import type { Tx } from './transactions.ts';

/** Replaces hashes of bodies that did not change: no feed row, no other column. */
export async function writeHashes(tx: Tx, names: TableNames, hashes: readonly Rehash[]): Promise<void> {
  if (hashes.length === 0) return;
  await sql`
    update ${names('confluence_pages')} p set content_hash = i.content_hash, hash_version = i.hash_version
    from unnest(${hashes.map(({ id }) => id)}::text[], ${hashes.map(({ contentHash }) => contentHash)}::text[],
      ${hashes.map(({ hashVersion }) => hashVersion)}::int2[]) as i (id, content_hash, hash_version)
    where p.id = i.id and (p.content_hash, p.hash_version) is distinct from (i.content_hash, i.hash_version)`.execute(
    tx,
  );
}
