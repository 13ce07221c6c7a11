import type { PageRecord } from '../../../src/sync/page.ts';

/** A value on its way into a column. */
export type Value = string | number | boolean | Date | null;

/** The columns that a new page fills. */
export const PAGE_COLUMNS = `id, title, space_key, content_hash, last_updated, version, url, synced_at, type, status, parent_id,
  hash_version, content_changed_at`;

/** Their values for a page. */
export function pageValues({ head, contentHash, hashVersion }: PageRecord): Value[] {
  const { id, title, spaceKey, lastUpdated, version, url, type, status, parentId } = head;
  const now = new Date();
  return [
    ...[id, title, spaceKey, contentHash, lastUpdated, version, url, now],
    ...[type, status, parentId, hashVersion, now],
  ];
}
