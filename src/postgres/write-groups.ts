import { sql } from 'kysely';
import { DatabaseUnavailable } from '../sync/errors.ts';
import type { PageChange } from './decide.ts';
import { faultOf } from './fault-of.ts';
import type { Refusal } from './refusal-of.ts';
import { shownId } from './shown-id.ts';
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

/** `suspects`: the pages that failed before, whose time-outs say nothing of the database. */
type WriteParts = Readonly<{
  names: TableNames;
  runId: string;
  attempt: Attempt;
  suspects: ReadonlySet<string>;
}>;

/** Why PostgreSQL refused a group, and the page that it seems to mean. */
type Refused = Refusal & Readonly<{ shown: string | null }>;

/** PostgreSQL keeps 64 sub-transactions of a transaction at hand; with more, every snapshot of every session slows down. */
const MAX_SAVEPOINTS = 60;
/** To the slowest of 1,000 pages lead ten statements that run out of time. More of them, and no page done, is a slow database. */
const MAX_TIMEOUTS = 12;

/**
 * Writes groups of changes, each under a savepoint. A group that PostgreSQL refuses for its rows is cut, where it shows a row
 * there, else in the middle, until exactly the bad pages are left. What `MAX_SAVEPOINTS` does not reach is handed back. Throws `DatabaseUnavailable` where nothing is done in
 * time.
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
  let timeouts = 0;
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
    if (tried.code === '57014' && !group.every(({ input }) => parts.suspects.has(input.id))) timeouts += 1;
    if (timeouts > MAX_TIMEOUTS && written.length === 0) throw tooSlow(timeouts);
    if (first !== undefined && others.length === 0) refused.push({ change: first, refusal: tried });
    else left.unshift(...partsOf(group, tried.shown));
  }
  return { written, refused, left, lastSeq };
}

/** The `seq` of the group's last feed row, or why PostgreSQL refused it. */
async function tryGroup(tx: Tx, parts: WriteParts, group: readonly PageChange[]): Promise<Refused | bigint> {
  await sql`savepoint pages`.execute(tx);
  try {
    // Not released: the next savepoint hides this one, and COMMIT ends them all without a round trip.
    return await writeChanges(tx, parts.names, parts.runId, group);
  } catch (error) {
    const refusal = refusalIn(error, parts.attempt);
    if (refusal === null) throw error;
    await sql`rollback to savepoint pages; release savepoint pages`.execute(tx);
    return { ...refusal, shown: shownId(error) };
  }
}

/** A time-out is the world's at first, and the page's when it comes again. */
function refusalIn(error: unknown, attempt: Attempt): Refusal | null {
  const fault = faultOf(error);
  const isPages = fault.kind === 'page' || (fault.kind === 'timeout' && attempt.timeouts > 0);
  return isPages ? { code: fault.code, message: `PostgreSQL refused the page: ${fault.message}` } : null;
}

function tooSlow(timeouts: number): DatabaseUnavailable {
  return new DatabaseUnavailable(
    `${timeouts} statements, down to single pages, ran out of time (57014): the database is too slow, try again later`,
  );
}

/** The shown page by itself, for it is only said to be bad; else halves. */
function partsOf(group: readonly PageChange[], shown: string | null): readonly (readonly PageChange[])[] {
  const place = group.findIndex(({ input }) => input.id === shown);
  const middle = Math.ceil(group.length / 2);
  if (place < 0) return [group.slice(0, middle), group.slice(middle)];
  const parts = [group.slice(0, place), group.slice(place, place + 1), group.slice(place + 1)];
  return parts.filter((part) => part.length > 0);
}
