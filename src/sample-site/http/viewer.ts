import { createHash } from 'node:crypto';
import type { TokenDesk } from '../oauth/token-desk.ts';
import type { SiteCredentials } from '../sample-site.ts';

/** Who sends a request. */
export type Viewer =
  /** A user whose token is `scoped` is let in through the gateway alone. */
  | Readonly<{
      kind: 'user';
      name: string;
      accountId: string;
      how: 'basic' | 'bearer';
      scoped: boolean;
    }>
  | Readonly<{ kind: 'anonymous' }>
  /** Credentials that are wrong. */
  | Readonly<{ kind: 'refused' }>;

/** Reads who sends a request from its `Authorization`; without `wanted` any credentials are somebody's. */
export function viewerOf(
  authorization: string | undefined,
  wanted: SiteCredentials | null,
  tokens: TokenDesk,
): Viewer {
  const presented = readAuthorization(authorization);
  if (presented === null) return { kind: 'anonymous' };
  const granted = presented.kind === 'bearer' ? tokens.look(presented.token) : null;
  if (granted !== null) return granted.expired ? { kind: 'refused' } : serviceOf(granted.clientId);
  if (wanted !== null && !matches(presented, wanted)) return { kind: 'refused' };
  if (presented.kind === 'other') return { kind: 'refused' };
  const name = presented.kind === 'basic' ? presented.user : 'service';
  const accountId = accountIdOf(authorization ?? '');
  return { kind: 'user', name, accountId, how: presented.kind, scoped: false };
}

/** The account behind client credentials: the same with every token. */
function serviceOf(clientId: string): Viewer {
  return { kind: 'user', name: clientId, accountId: accountIdOf(clientId), how: 'bearer', scoped: true };
}

type Presented =
  | Readonly<{ kind: 'basic'; user: string; secret: string }>
  | Readonly<{ kind: 'bearer'; token: string }>
  | Readonly<{ kind: 'other' }>;

function readAuthorization(header: string | undefined): Presented | null {
  if (header === undefined || header === '') return null;
  const [scheme = '', value = ''] = header.split(' ');
  if (scheme.toLowerCase() === 'bearer') return { kind: 'bearer', token: value };
  if (scheme.toLowerCase() !== 'basic') return { kind: 'other' };
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { kind: 'basic', user: text.slice(0, colon), secret: text.slice(colon + 1) };
}

function matches(presented: Presented, wanted: SiteCredentials): boolean {
  if (presented.kind === 'bearer') return 'token' in wanted && presented.token === wanted.token;
  if (presented.kind === 'other' || !('user' in wanted)) return false;
  return presented.user === wanted.user && presented.secret === wanted.secret;
}

function accountIdOf(authorization: string): string {
  const hex = createHash('sha256').update(authorization).digest('hex');
  return `712020:${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
