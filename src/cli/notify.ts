import type { Clock, Log } from '../sync/ambient.ts';
import type { SyncResult } from '../sync/run-sync.ts';

const TRIES = 3;
const TIMEOUT_MS = 10_000;
const PAUSE_MS = 1_000;

/** What sending needs of the world. */
export type NotifyParts = Readonly<{ clock: Clock; log: Log }>;

/**
 * Posts the report of a run that failed, is held, or put pages into quarantine, as JSON. Tried three times; a webhook that cannot
 * be reached costs the run nothing but a line in the log, which does not repeat the address: it may hold a token.
 */
export async function notify(
  url: string | null,
  result: SyncResult,
  parts: NotifyParts,
  stop: AbortSignal,
): Promise<void> {
  if (url === null || !isAlarming(result)) return;
  for (let attempt = 1; attempt <= TRIES && !stop.aborted; attempt++) {
    const trouble = await post(url, result, stop);
    if (trouble === null) return;
    parts.log.warn({ runId: result.report.run_id, attempt, reason: trouble }, 'webhook not told');
    if (attempt < TRIES) await parts.clock.sleep(PAUSE_MS * attempt, stop).catch(() => undefined);
  }
}

function isAlarming({ report, entered }: SyncResult): boolean {
  return report.dry_run !== true && (report.outcome === 'failed' || report.outcome === 'held' || entered > 0);
}

/** Null when the webhook took it, else what went wrong. */
async function post(url: string, { report }: SyncResult, stop: AbortSignal): Promise<string | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(report),
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await answer.body?.cancel();
    return answer.ok ? null : `HTTP ${answer.status}`;
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown';
  }
}
