import { sql } from 'kysely';
import type { FailureStage } from '../../sync/page.ts';
import type { Tx } from '../transactions.ts';

/** A page in quarantine. */
export type FailureRow = Readonly<{
  page_id: string;
  space_key: string;
  title: string | null;
  version: number | null;
  stage: FailureStage;
  code: string;
  message: string;
  attempts: number;
  first_failed_at: Date;
  last_failed_at: Date;
  next_retry_at: Date;
}>;

/** The quarantine by page id, ids ordered as numbers, from after the given one. */
export function readFailures(tx: Tx, after: string | null, limit: number): Promise<readonly FailureRow[]> {
  return tx
    .selectFrom('confluence_sync_failures')
    .selectAll()
    .where(sql<boolean>`(length(page_id), page_id) > (${after?.length ?? 0}::int, ${after ?? ''}::text)`)
    .orderBy(sql`length(page_id)`)
    .orderBy('page_id')
    .limit(limit)
    .execute();
}
