import pg from 'pg';
import type { Clock, Log } from '../sync/ambient.ts';
import { createAddressBook } from './address-book.ts';
import type { AddressBook } from './address-book.ts';
import { errorCode } from './error-code.ts';

/**
 * Calls `wake` when the feed may have grown, until the signal aborts; resolves then. What it misses, or cannot hear at all,
 * polling finds: nobody may rely on it for more than an early look.
 */
export type FeedListener = (wake: () => void, signal: AbortSignal) => Promise<void>;

type ListenerParts = Readonly<{ clock: Clock; log: Log }>;

const CHANNEL = 'confluence_page_changes';
const CONNECT_AGAIN_MS = 5_000;

/** Listens on a connection of its own, and on a new one where that breaks. */
export function createFeedListener(
  url: string,
  parts: ListenerParts,
  addresses: AddressBook = createAddressBook(url, null, parts.log),
): FeedListener {
  return async (wake, signal) => {
    while (!signal.aborted) {
      const ended = await listenOnce(addresses.current(), parts.log, wake, signal);
      if (ended === 'deaf') return;
      wake();
      await pause(parts.clock, signal);
    }
  };
}

/** `deaf` where listening is of no use. */
async function listenOnce(
  url: string,
  log: Log,
  wake: () => void,
  signal: AbortSignal,
): Promise<'lost' | 'deaf'> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'confluence-sync feed',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  const over = untilOver(client, signal);
  try {
    await Promise.race([client.connect(), over]);
    if (signal.aborted) return 'lost';
    if (!(await isDirect(client))) return 'deaf';
    client.on('notification', wake);
    await client.query(`listen ${CHANNEL}`);
    await over;
  } catch (error) {
    log.debug({ code: errorCode(error) }, 'listening to the feed failed, polling goes on');
  } finally {
    // Not awaited: a server that is gone without a word never answers.
    client.end().catch(() => undefined);
  }
  return 'lost';
}

function untilOver(client: pg.Client, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      signal.removeEventListener('abort', end);
      resolve();
    };
    // Without this listener a connection that breaks ends the process.
    client.on('error', end);
    client.once('end', end);
    signal.addEventListener('abort', end, { once: true });
  });
}

/**
 * A pooler in transaction mode takes LISTEN and never delivers, and leaves it behind on a connection of others. It also makes up
 * the process id that a connection is told, which gives it away.
 */
async function isDirect(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return 'processID' in client && client.processID === rows[0]?.pid;
}

/** Ends early, and quietly, when the signal aborts. */
async function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(CONNECT_AGAIN_MS, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
