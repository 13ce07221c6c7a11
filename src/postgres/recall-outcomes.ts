import { sql } from 'kysely';
import type { PageOutcome } from '../sync/store.ts';
import type { TableNames } from './table-names.ts';
import type { ChangeKind } from './tables.ts';
import type { Tx } from './transactions.ts';

/**
 * After a COMMIT whose answer was lost, the pages of the batch look unchanged. The end of the feed tells what this run made of
 * them; `outcomes` is corrected in place.
 */
export async function recallOutcomes(
  tx: Tx,
  names: TableNames,
  runId: string,
  outcomes: Map<string, PageOutcome>,
): Promise<void> {
  const ids = [...outcomes].filter(([, outcome]) => outcome === 'unchanged').map(([id]) => id);
  if (ids.length === 0) return;
  const { rows } = await sql<{ page_id: string; kind: ChangeKind }>`
    select page_id, kind from (
      select seq, page_id, kind, run_id from ${names('confluence_page_changes')} order by seq desc limit ${outcomes.size}
    ) as latest
    where run_id = ${runId} and page_id = any (${ids}::text[]) order by seq`.execute(tx);
  for (const { page_id, kind } of rows) outcomes.set(page_id, kind);
}
