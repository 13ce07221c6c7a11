import type { Clock, Log } from '../sync/ambient.ts';
import { SyncError } from '../sync/errors.ts';
import type { PageSource } from '../sync/source.ts';

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** What probing needs; `anonymous` is true where the site is meant to be read without credentials. */
export type ProbeParts = Readonly<{
  source: Pick<PageSource, 'whoAmI'>;
  anonymous: boolean;
  clock: Clock;
  log: Log;
}>;

/** Asks with growing pauses until Confluence takes the credentials again. Rejects with the reason of `stop`. */
export async function probeCredentials(parts: ProbeParts, stop: AbortSignal): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    parts.log.error(
      { pauseMs: pause },
      'confluence refuses the credentials, nothing is synced until it takes them',
    );
    await parts.clock.sleep(pause, stop);
    if (await areTaken(parts, stop)) return;
  }
}

async function areTaken({ source, anonymous, log }: ProbeParts, stop: AbortSignal): Promise<boolean> {
  try {
    const who = await source.whoAmI(stop);
    return anonymous || who.kind !== 'anonymous';
  } catch (error) {
    if (stop.aborted || !(error instanceof SyncError) || error.advice === 'configure') throw error;
    log.debug({ reason: error.message }, 'credentials probed');
    return false;
  }
}
