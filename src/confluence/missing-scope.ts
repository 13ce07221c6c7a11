import { z } from 'zod';
import type { Answer } from './client/answer.ts';

const Message = z.object({ message: z.string() });

/** Scopes that Cloud's routes ask for; the first whose pattern fits counts. */
const SCOPES: readonly (readonly [pattern: RegExp, scope: string])[] = [
  [/^\/api\/v2\/pages\/[^/]+\/ancestors$/, 'read:content.metadata:confluence'],
  [/^\/api\/v2\/(?:spaces\/[^/]+\/)?(?:pages|blogposts)(?:\/|$)/, 'read:page:confluence'],
  [/^\/api\/v2\/spaces(?:\/|$)/, 'read:space:confluence'],
  [/^\/rest\/api\/user\/current$/, 'read:content-details:confluence'],
];

/** Names the scope that a token needs for a route. */
export function scopeOf(route: string): string {
  return SCOPES.find(([pattern]) => pattern.test(route))?.[1] ?? `of ${route}`;
}

/**
 * Tells whether a token was refused for one route alone: the gateway answers 401 and names the scope as the reason, in words, for there
 * is no other sign.
 */
export function lacksScope(answer: Answer): boolean {
  if (answer.kind !== 'signed_out' || answer.status !== 401) return false;
  return /\bscope\b/i.test(Message.safeParse(answer.value).data?.message ?? '');
}
