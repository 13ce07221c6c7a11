import type { ChangeKind } from '../tables.ts';
import type { Tx } from '../transactions.ts';
import { takeSnapshot } from './take-snapshot.ts';

/** A row of the feed; `seq` is a decimal string, for it may be larger than a JavaScript number can tell. */
export type ChangeRow = Readonly<{
  seq: string;
  page_id: string;
  space_key: string;
  kind: ChangeKind;
  content_changed: boolean;
  previous_hash: string | null;
  content_hash: string;
  version: number;
  run_id: string;
  changed_at: Date;
}>;

/** The next rows of the feed, or the word that rows behind the reader's place are gone, up to and with `upTo`. */
export type Feed =
  Readonly<{ kind: 'rows'; rows: readonly ChangeRow[] }> | Readonly<{ kind: 'removed'; upTo: string }>;

/** Reads the feed in commit order from after `after`; null is its beginning. */
export async function readChanges(tx: Tx, after: string | null, limit: number): Promise<Feed> {
  // Both answers from one moment: rows that are removed between the two would be skipped without a word.
  await takeSnapshot(tx);
  const state = await tx
    .selectFrom('confluence_sync_state')
    .select('changes_removed_to')
    .executeTakeFirstOrThrow();
  const upTo = state.changes_removed_to;
  if (upTo !== null && BigInt(after ?? 0) < BigInt(upTo)) return { kind: 'removed', upTo };
  const changes = tx.selectFrom('confluence_page_changes').selectAll();
  const rows = await changes
    .where('seq', '>', after ?? '0')
    .orderBy('seq')
    .limit(limit)
    .execute();
  return { kind: 'rows', rows };
}
