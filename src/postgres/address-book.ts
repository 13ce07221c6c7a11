import type { Log } from '../sync/ambient.ts';
import { SyncError } from '../sync/errors.ts';
import { parseDatabaseAddress } from './database-address.ts';

/** Where the server is, and as whom to sign in; both may change while we run. */
export interface AddressBook {
  current(): string;
  /** Reads the address again, where it can be; returns what is current then. */
  renew(): string;
  /** Whether it can be read again. */
  readonly mayChange: boolean;
}

/** Begins with `url`. `reread` looks where it came from; null where it cannot have changed. */
export function createAddressBook(url: string, reread: (() => string) | null, log: Log): AddressBook {
  let current = url;
  const renew = (): string => {
    current = lookUp(reread, log) ?? current;
    return current;
  };
  return { current: () => current, renew, mayChange: reread !== null };
}

/** Null where there is nothing to be read that could be used: a secret may be in the midst of being replaced. */
function lookUp(reread: (() => string) | null, log: Log): string | null {
  if (reread === null) return null;
  try {
    const address = parseDatabaseAddress(reread());
    return address.kind === 'postgresql' ? address.url : null;
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    log.warn({}, 'the address of the database cannot be read again');
    return null;
  }
}
