import { sql } from 'kysely';
import type { RunJournal } from '../sync/store.ts';
import type { Fence } from './fence.ts';
import { storableJson } from './storable-json.ts';
import type { Transactions, Tx } from './transactions.ts';

type JournalParts = Readonly<{ transactions: Transactions; schema: string; fence: Fence }>;

/**
 * The journal of runs. Only the worker that holds the lease may say of other runs that they were interrupted: without it, a
 * dry run would say so of a run that goes on.
 */
export function createRunJournal({ transactions, schema, fence }: JournalParts): RunJournal {
  return {
    begin: (run) =>
      transactions.run(async (tx) => {
        const afterCrash = await closeOrphans(tx, schema, fence);
        const opened = await tx
          .withSchema(schema)
          .insertInto('confluence_sync_runs')
          .values({ ...run, outcome: 'running', report: null })
          .returning(['id', 'started_at'])
          .executeTakeFirstOrThrow();
        return { runId: opened.id, startedAt: opened.started_at, afterCrash };
      }),
    finish: (runId, outcome, report) =>
      transactions.run(async (tx) => {
        await tx
          .withSchema(schema)
          .updateTable('confluence_sync_runs')
          .set({ outcome, report: storableJson(report), finished_at: sql<Date>`statement_timestamp()` })
          .where('id', '=', runId)
          .execute();
      }),
  };
}

/** True where there were any. */
async function closeOrphans(tx: Tx, schema: string, fence: Fence): Promise<boolean> {
  const state = await tx
    .withSchema(schema)
    .selectFrom('confluence_sync_state')
    .select(sql<string>`lease_token::text`.as('token'))
    .executeTakeFirst();
  if (fence.token === null || state?.token !== fence.token) return false;
  const { numUpdatedRows } = await tx
    .withSchema(schema)
    .updateTable('confluence_sync_runs')
    .set({ outcome: 'interrupted', finished_at: sql<Date>`statement_timestamp()` })
    .where('outcome', '=', 'running')
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}
