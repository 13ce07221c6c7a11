import type { Kysely, Transaction } from 'kysely';
import type { Clock, Log, Random } from '../sync/ambient.ts';
import { DatabaseUnavailable, WrongConfiguration } from '../sync/errors.ts';
import { faultOf } from './fault-of.ts';
import type { Fault } from './fault-of.ts';
import type { Tables } from './tables.ts';

/** An open transaction; what takes one must not wait for anything but the database. */
export type Tx = Transaction<Tables>;

/** What went before this try of a transaction. */
export type Attempt = Readonly<{
  /** How many tries ended in a statement time-out. */
  timeouts: number;
  /** True where an earlier try may have been committed although its answer was lost. */
  maybeCommitted: boolean;
}>;

/** Runs work in transactions; `run` tries again what may pass, `once` does not. Both throw the product's own errors. */
export interface Transactions {
  run<T>(work: (tx: Tx, attempt: Attempt) => Promise<T>): Promise<T>;
  once<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** `patienceMs` is how long a lost connection is tried again; `closing` ends every wait. */
export type TransactionParts = Readonly<{
  database: Kysely<Tables>;
  clock: Clock;
  log: Log;
  random: Random;
  patienceMs: number;
  closing: AbortSignal;
}>;

type Trouble = Attempt & Readonly<{ conflicts: number; losses: number; since: number | null }>;

const MAX_CONFLICTS = 5;
const NO_TROUBLE: Trouble = { timeouts: 0, maybeCommitted: false, conflicts: 0, losses: 0, since: null };

/** Transactions that are tried again after a conflict (5 times) or a lost connection (for `patienceMs`). */
export function createTransactions(parts: TransactionParts): Transactions {
  return {
    run: (work) => untilDone(parts, work),
    once: async (work) => {
      try {
        return await parts.database.transaction().execute(work);
      } catch (error) {
        throw errorOf(error, 1);
      }
    },
  };
}

async function untilDone<T>(
  parts: TransactionParts,
  work: (tx: Tx, attempt: Attempt) => Promise<T>,
): Promise<T> {
  let trouble = NO_TROUBLE;
  for (;;) {
    try {
      const attempt = trouble;
      return await parts.database.transaction().execute((tx) => work(tx, attempt));
    } catch (error) {
      trouble = worse(parts, trouble, error);
      await pause(parts, trouble, error);
    }
  }
}

/** Counts the failure, or throws where trying again is of no use. */
function worse(parts: TransactionParts, before: Trouble, error: unknown): Trouble {
  const fault = faultOf(error);
  const tries = before.conflicts + before.losses + 1;
  if (fault.kind === 'connection') {
    const since = before.since ?? parts.clock.monotonicMs();
    if (parts.clock.monotonicMs() - since >= parts.patienceMs) throw errorOf(error, tries);
    return { ...before, losses: before.losses + 1, maybeCommitted: true, since };
  }
  if (fault.kind !== 'conflict' && fault.kind !== 'timeout') throw errorOf(error, tries);
  if (before.conflicts + 1 >= MAX_CONFLICTS) throw errorOf(error, tries);
  const timeouts = before.timeouts + (fault.kind === 'timeout' ? 1 : 0);
  return { ...before, conflicts: before.conflicts + 1, timeouts };
}

async function pause(parts: TransactionParts, trouble: Trouble, error: unknown): Promise<void> {
  const { kind, code } = faultOf(error);
  const longest =
    kind === 'connection' ? Math.min(5_000, 100 * 2 ** trouble.losses) : 50 * 2 ** trouble.conflicts;
  const ms = Math.ceil(longest * (0.5 + parts.random() / 2));
  parts.log.warn({ code, fault: kind, ms }, 'transaction failed, trying again');
  await parts.clock.sleep(ms, parts.closing);
}

/** The product's own error for what a driver threw; errors that are already ours pass. */
function errorOf(error: unknown, tries: number): unknown {
  const fault = faultOf(error);
  const told = `${describe(fault)} after ${tries} ${tries === 1 ? 'try' : 'tries'}`;
  switch (fault.kind) {
    case 'connection':
    case 'conflict':
    case 'timeout':
      return new DatabaseUnavailable(`the database did not answer as it should (${told}): try again later`);
    case 'exhausted':
      return new DatabaseUnavailable(`the database is out of a resource (${told}): free it, then try again`);
    case 'broken':
      return new DatabaseUnavailable(
        `the database itself failed (${told}): look at the server's log, then try again`,
      );
    case 'configuration':
      return new WrongConfiguration(
        `the database refused a statement (${told}): run "check" to see what differs`,
      );
    case 'page':
    case 'unknown':
      return error;
  }
}

function describe(fault: Fault): string {
  return fault.code === '' ? fault.message : `${fault.code}: ${fault.message}`;
}
