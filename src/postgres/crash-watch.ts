import { sql } from 'kysely';
import { LeaseLost } from '../sync/errors.ts';
import type { CrashWatch } from '../sync/store.ts';
import { enterFence } from './fence.ts';
import type { StoreParts } from './store-parts.ts';

type Watched = { atWork: readonly string[]; crashes: Record<string, number> };

/** Remembers in the one row of the sync's state what a worker was doing when it died. */
export function createCrashWatch(parts: StoreParts): CrashWatch {
  const { transactions, schema, names, fence } = parts;
  const state = names('confluence_sync_state');
  return {
    countCrashes: () =>
      transactions.run(async (tx) => {
        await enterFence(tx, schema, names, fence);
        const { rows } = await sql<Watched>`select pages_at_work as "atWork", crashes from ${state}`.execute(
          tx,
        );
        const { atWork, crashes } = rows[0] ?? { atWork: [], crashes: {} };
        const counts = new Map(Object.entries(crashes));
        for (const id of atWork) counts.set(id, (counts.get(id) ?? 0) + 1);
        if (atWork.length > 0) {
          await sql`update ${state} set pages_at_work = '[]',
            crashes = ${JSON.stringify(Object.fromEntries(counts))}::jsonb`.execute(tx);
        }
        return counts;
      }),
    workOn: (ids) =>
      transactions.run(async (tx) => {
        // Outlives this process, which is enough: what is lost with the server's last moment was no crash of ours.
        const { numAffectedRows } =
          await sql`with quiet as (select set_config('synchronous_commit', 'off', true))
          update ${state} set pages_at_work = ${JSON.stringify(ids)}::jsonb from quiet
          where lease_token = ${fence.token}::bigint`.execute(tx);
        if (numAffectedRows !== 1n)
          throw new LeaseLost('another worker took the lease over: this run must end');
      }),
    forgetCrashes: () =>
      transactions.run(async (tx) => {
        await enterFence(tx, schema, names, fence);
        await sql`update ${state} set crashes = '{}' where crashes <> '{}'`.execute(tx);
      }),
  };
}
