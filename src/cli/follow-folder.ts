import type { Config } from '../config/load-config.ts';
import { folderStamp } from '../postgres/folder-stamp.ts';
import type { Database } from '../postgres/open-database.ts';
import type { Log } from '../sync/ambient.ts';
import { LeaseTaken } from '../sync/errors.ts';
import type { CliContext } from './context.ts';
import { withMirror } from './open-mirror.ts';
import { requireTables } from './require-tables.ts';

const LOOK_MS = 1_000;

/**
 * Follows an embedded database, which only one process at a time can have open: opens it to read when its files have changed and
 * are quiet again, and leaves it to others in between.
 */
export async function followFolder(
  folder: string,
  parts: Readonly<{ config: Config; log: Log; context: CliContext }>,
  readOn: (mirror: Database) => Promise<boolean>,
): Promise<void> {
  const { clock, stop } = parts.context;
  let [read, before] = [null as string | null, await folderStamp(folder)];
  while (!stop.aborted) {
    const now = await folderStamp(folder);
    if (now !== read && now === before) {
      const answer = await tryRead(parts, readOn);
      if (answer === 'over') return;
      if (answer === 'more') read = await folderStamp(folder);
    }
    before = now;
    await pause(clock, stop);
  }
}

/** `busy` while another process has the folder open. */
async function tryRead(
  { config, log, context }: Readonly<{ config: Config; log: Log; context: CliContext }>,
  readOn: (mirror: Database) => Promise<boolean>,
): Promise<'more' | 'over' | 'busy'> {
  try {
    return await withMirror(config, log, context, async (mirror) => {
      await requireTables(mirror);
      return (await readOn(mirror)) ? 'more' : 'over';
    });
  } catch (error) {
    if (!(error instanceof LeaseTaken)) throw error;
    log.info({}, 'another process has the embedded database open, waiting for it');
    return 'busy';
  }
}

/** Ends early, and quietly, when the signal aborts. */
async function pause(clock: CliContext['clock'], signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(LOOK_MS, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
