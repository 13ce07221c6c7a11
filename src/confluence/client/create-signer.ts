import { WrongConfiguration } from '../../sync/errors.ts';
import type { Clock } from '../../sync/ambient.ts';
import type { Credentials } from '../confluence-settings.ts';
import { createTokenSigner } from './create-token-signer.ts';
import type { Exchange } from './exchange.ts';

/** A request's `Authorization`, null for none; or why there is none to be had. */
export type Signature =
  | Readonly<{ kind: 'signed'; authorization: string | null }>
  | Readonly<{ kind: 'unsigned'; exchange: Exchange }>;

/** Signs requests with the credentials. */
export interface Signer {
  sign(signal: AbortSignal): Promise<Signature>;
  /** Told that Confluence refused this authorization; true where signing once more may give another. */
  renew(authorization: string | null): boolean;
}

/** What signing in needs: where tokens are given, and how to post there. */
export type SignerParts = Readonly<{
  tokenUrl: URL;
  post: (url: URL, json: string, signal: AbortSignal) => Promise<Exchange>;
  clock: Clock;
}>;

/** Makes the signer for these credentials; throws `WrongConfiguration` where a token cannot be one. */
export function createSigner(credentials: Credentials, parts: SignerParts): Signer {
  switch (credentials.kind) {
    case 'basic':
      return fixed(
        `Basic ${Buffer.from(`${credentials.user}:${credentials.secret}`, 'utf8').toString('base64')}`,
      );
    case 'bearer':
      if (!/^[\x21-\x7e]+$/.test(credentials.token))
        throw new WrongConfiguration('CONFLUENCE_ACCESS_TOKEN holds blanks or characters that no token has');
      return fixed(`Bearer ${credentials.token}`);
    case 'oauth':
      return createTokenSigner(credentials, parts);
    case 'anonymous':
      return fixed(null);
  }
}

function fixed(authorization: string | null): Signer {
  return { sign: () => Promise.resolve({ kind: 'signed', authorization }), renew: () => false };
}
