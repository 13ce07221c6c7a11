import { sql } from 'kysely';
import type { PageChange } from './decide.ts';
import { faultOf } from './fault-of.ts';
import type { Refusal } from './refusal-of.ts';
import type { TableNames } from './table-names.ts';
import type { Attempt, Tx } from './transactions.ts';
import { writeChanges } from './write-changes.ts';

/**
 * Pages that were written, with the last one's `seq` in the feed, pages that the database refused one by one, and groups that
 * need another transaction.
 */
export type Written = Readonly<{
  written: readonly PageChange[];
  refused: readonly Readonly<{ change: PageChange; refusal: Refusal }>[];
  left: readonly (readonly PageChange[])[];
  lastSeq: bigint | null;
}>;

type WriteParts = Readonly<{ names: TableNames; runId: string; attempt: Attempt }>;

/** PostgreSQL keeps 64 sub-transactions of a transaction at hand; with more, every snapshot of every session slows down. */
const MAX_SAVEPOINTS = 60;

/**
 * Writes groups of changes, each under a savepoint. A group that PostgreSQL refuses for its rows is halved until exactly the
 * bad pages are left. What `MAX_SAVEPOINTS` does not reach is handed back.
 */
export async function writeGroups(
  tx: Tx,
  parts: WriteParts,
  groups: readonly (readonly PageChange[])[],
): Promise<Written> {
  const written: PageChange[] = [];
  const refused: { change: PageChange; refusal: Refusal }[] = [];
  const left = groups.filter((group) => group.length > 0);
  let lastSeq: bigint | null = null;
  for (let savepoints = 0; savepoints < MAX_SAVEPOINTS; savepoints += 1) {
    const group = left.shift();
    if (group === undefined) break;
    const tried = await tryGroup(tx, parts, group);
    const [first, ...others] = group;
    if (typeof tried === 'bigint') {
      written.push(...group);
      lastSeq = tried;
      continue;
    }
    if (first !== undefined && others.length === 0) refused.push({ change: first, refusal: tried });
    else left.unshift(...halves(group));
  }
  return { written, refused, left, lastSeq };
}

/** The `seq` of the group's last feed row, or why PostgreSQL refused it. */
async function tryGroup(tx: Tx, parts: WriteParts, group: readonly PageChange[]): Promise<Refusal | bigint> {
  await sql`savepoint pages`.execute(tx);
  try {
    // Not released: the next savepoint hides this one, and COMMIT ends them all without a round trip.
    return await writeChanges(tx, parts.names, parts.runId, group);
  } catch (error) {
    const refusal = refusalIn(error, parts.attempt);
    if (refusal === null) throw error;
    await sql`rollback to savepoint pages; release savepoint pages`.execute(tx);
    return refusal;
  }
}

/** A time-out is the world's at first, and the page's when it comes again. */
function refusalIn(error: unknown, attempt: Attempt): Refusal | null {
  const fault = faultOf(error);
  const isPages = fault.kind === 'page' || (fault.kind === 'timeout' && attempt.timeouts > 0);
  return isPages ? { code: fault.code, message: `PostgreSQL refused the page: ${fault.message}` } : null;
}

function halves<T>(group: readonly T[]): readonly (readonly T[])[] {
  const middle = Math.ceil(group.length / 2);
  return [group.slice(0, middle), group.slice(middle)];
}
