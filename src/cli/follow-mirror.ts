import type { Config } from '../config/load-config.ts';
import type { Database } from '../postgres/open-database.ts';
import type { Log } from '../sync/ambient.ts';
import { DatabaseUnavailable } from '../sync/errors.ts';
import type { CliContext } from './context.ts';
import { withMirror } from './open-mirror.ts';
import { requireTables } from './require-tables.ts';

/** Reads what is there; false when there is nothing more to wait for. */
type ReadOn = (mirror: Database) => Promise<boolean>;

const POLL_MS = 1_000;

/**
 * Reads on and on, each second or as soon as the database tells of a change, until there is nothing to wait for or the process
 * is told to stop. A database that is away for a while is waited for.
 */
export async function followMirror(
  config: Config,
  log: Log,
  context: CliContext,
  readOn: ReadOn,
): Promise<void> {
  await withMirror(config, log, context, async (mirror) => {
    // Ends a wait for a database that is away.
    const close = (): void => void mirror.close().catch(() => undefined);
    context.stop.addEventListener('abort', close, { once: true });
    try {
      await requireTables(mirror);
      await follow(mirror, log, context, readOn);
    } catch (error) {
      if (!context.stop.aborted) throw error;
    } finally {
      context.stop.removeEventListener('abort', close);
    }
  });
}

async function follow(mirror: Database, log: Log, context: CliContext, readOn: ReadOn): Promise<void> {
  const { stop } = context;
  const over = new AbortController();
  const bell = createBell();
  const end = (): void => {
    over.abort();
    bell.ring();
  };
  stop.addEventListener('abort', end, { once: true });
  const listening = mirror.listen(bell.ring, over.signal);
  try {
    while (!stop.aborted && (await tryRead(mirror, log, readOn))) await bell.wait(context);
  } finally {
    stop.removeEventListener('abort', end);
    over.abort();
    await listening;
  }
}

async function tryRead(mirror: Database, log: Log, readOn: ReadOn): Promise<boolean> {
  try {
    return await readOn(mirror);
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    log.warn({ reason: error.message }, 'the database is away, waiting for it');
    return true;
  }
}

/** A wait of a second that a ring ends; a ring before the wait counts too. */
function createBell() {
  let ringing = new AbortController();
  return {
    ring: (): void => {
      ringing.abort();
    },
    wait: async ({ clock }: CliContext): Promise<void> => {
      try {
        await clock.sleep(POLL_MS, ringing.signal);
      } catch (error) {
        if (!ringing.signal.aborted) throw error;
      }
      ringing = new AbortController();
    },
  };
}
