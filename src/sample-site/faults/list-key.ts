import type { Call } from '../http/call.ts';

/** What tells one listing from another, however far it has got. */
export function listKey({ route, query }: Call): string {
  const rest = new URLSearchParams(query);
  for (const name of ['cursor', 'start', 'limit']) rest.delete(name);
  return `${route}?${rest.toString()}`;
}

/** Whether the call asks for a later part of a listing than the first. */
export function isLaterPart({ query }: Call): boolean {
  return query.has('cursor') || Number(query.get('start') ?? '0') > 0;
}
