import { createHash } from 'node:crypto';
import type { Clock } from '../../sync/ambient.ts';

/** Gives tokens for client credentials, and knows its own again. */
export type TokenDesk = Readonly<{
  /** A token of this client that lives for so many seconds. */
  grant: (clientId: string, seconds: number) => string;
  /** The client a token was given to; null where the desk never gave it. */
  look: (token: string) => Readonly<{ clientId: string; expired: boolean }> | null;
}>;

/** Makes a desk that has given nothing yet; the same seed gives the same tokens in turn. */
export function createTokenDesk(seed: number, clock: Clock): TokenDesk {
  const given = new Map<string, Readonly<{ clientId: string; untilMs: number }>>();
  return {
    grant: (clientId, seconds) => {
      const text = `${seed} ${given.size} ${clientId}`;
      const token = `sample.${createHash('sha256').update(text).digest('base64url')}`;
      given.set(token, { clientId, untilMs: clock.monotonicMs() + seconds * 1_000 });
      return token;
    },
    look: (token) => {
      const known = given.get(token);
      if (known === undefined) return null;
      return { clientId: known.clientId, expired: clock.monotonicMs() >= known.untilMs };
    },
  };
}
