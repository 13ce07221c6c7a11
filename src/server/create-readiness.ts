import type { Clock } from '../sync/ambient.ts';

/** Whether the worker can do its work, and why it cannot. */
export type Readiness = Readonly<{ ready: boolean; reasons: readonly string[] }>;

/** Says in a sentence what is wrong, or null. */
export type Check = () => Promise<string | null>;

const PATIENCE_MS = 2_000;
const FRESH_MS = 1_000;

/**
 * Makes a function that runs the checks. Many who ask at once share one answer, which is up to a second old, so that no number
 * of requests becomes a load on the database; a check that takes too long counts as failed.
 */
export function createReadiness(
  checks: Readonly<Record<string, Check>>,
  clock: Clock,
): () => Promise<Readiness> {
  let last: Readonly<{ at: number; found: Promise<Readiness> }> | null = null;
  return () => {
    const now = clock.monotonicMs();
    if (last === null || now - last.at > FRESH_MS) last = { at: now, found: runChecks(checks, clock) };
    return last.found;
  };
}

async function runChecks(checks: Readonly<Record<string, Check>>, clock: Clock): Promise<Readiness> {
  const found = await Promise.all(Object.entries(checks).map(([name, check]) => inTime(name, check, clock)));
  const reasons = found.filter((reason) => reason !== null);
  return { ready: reasons.length === 0, reasons };
}

async function inTime(name: string, check: Check, clock: Clock): Promise<string | null> {
  const answered = new AbortController();
  const late = clock.sleep(PATIENCE_MS, answered.signal).then(
    () => `${name}: no answer in time`,
    () => null,
  );
  try {
    return await Promise.race([check(), late]);
  } catch {
    // What a driver or a client says in its error is nothing for a public answer.
    return `${name}: failed`;
  } finally {
    answered.abort();
  }
}
