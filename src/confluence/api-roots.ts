import { percentEncode } from './client/percent-encode.ts';
import { isLoopback } from './is-loopback.ts';
import type { BaseUrl } from './normalise-base-url.ts';

/** Cloud's root ends in exactly one `/wiki`, the gateway's too. */
export function cloudRoot({ origin, contextPath }: BaseUrl): string {
  return `${origin}${contextPath.replace(/(?:\/wiki)+$/, '')}/wiki`;
}

/** Data Center's root is the address as it was configured. */
export function dataCenterRoot({ origin, contextPath }: BaseUrl): string {
  return `${origin}${contextPath}`;
}

/** The root of a Cloud site behind Atlassian's gateway. A site on loopback is its own gateway. */
export function gatewayRoot(base: BaseUrl, cloudId: string): string {
  const origin = isLocal(base) ? base.origin : 'https://api.atlassian.com';
  return `${origin}/ex/confluence/${percentEncode(cloudId)}/wiki`;
}

/** Where client credentials are exchanged for a token. A site on loopback gives its own. */
export function tokenUrl(base: BaseUrl): URL {
  return new URL('/oauth/token', isLocal(base) ? base.origin : 'https://auth.atlassian.com');
}

/** Tells whether the site is on loopback, and stands in for Atlassian's hosts too. */
export function isLocal(base: BaseUrl): boolean {
  return isLoopback(new URL(base.origin).hostname);
}
