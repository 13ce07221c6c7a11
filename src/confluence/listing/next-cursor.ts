import { WrongConfiguration } from '../../sync/errors.ts';

/** What a list's `next` link says: go on with a cursor, nothing more, or something nobody can follow. */
export type NextLink =
  Readonly<{ kind: 'cursor'; cursor: string }> | Readonly<{ kind: 'none' }> | Readonly<{ kind: 'unusable' }>;

/**
 * Takes the cursor out of a `next` link; the link itself is never followed. Throws `WrongConfiguration` where it leads to a
 * host that is neither ours nor the one Confluence calls its own.
 */
export function nextCursor(next: string | undefined, base: string | undefined, root: string): NextLink {
  if (next === undefined || next === '') return { kind: 'none' };
  const url = checkNext(next, base, root);
  const cursor = url?.searchParams.get('cursor') ?? '';
  return cursor === '' ? { kind: 'unusable' } : { kind: 'cursor', cursor };
}

/** Resolves a `next` link and checks its host; null where it is no address at all. */
export function checkNext(next: string, base: string | undefined, root: string): URL | null {
  // Browsers and servers read a backslash as a slash; so does the parser, for http addresses.
  if (!URL.canParse(next, root)) return null;
  const url = new URL(next, root);
  const own = new URL(root);
  const named = base !== undefined && URL.canParse(base) ? new URL(base).host : own.host;
  const stranger = url.host !== own.host && url.host !== named;
  if (stranger || url.username !== '' || url.password !== '')
    throw new WrongConfiguration(
      `Confluence at ${own.host} pointed to ${url.host} for the next part of a list; nothing was sent there: set CONFLUENCE_BASE_URL to the address that Confluence really has`,
    );
  return url;
}
