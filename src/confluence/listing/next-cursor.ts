import { WrongConfiguration } from '../../sync/errors.ts';

/** What a list's `next` link says: go on with a cursor, nothing more, or something nobody can follow. */
export type NextLink =
  Readonly<{ kind: 'cursor'; cursor: string }> | Readonly<{ kind: 'none' }> | Readonly<{ kind: 'unusable' }>;

/** Characters of a link or cursor that is looked at: no server takes a longer address. */
export const LONGEST_LINK = 16_384;

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

/** Resolves a `next` link and checks its host; null where it is no address at all, or one that nobody takes. */
export function checkNext(next: string, base: string | undefined, root: string): URL | null {
  // Browsers and servers read a backslash as a slash; so does the parser, for http addresses.
  if (next.length > LONGEST_LINK || !URL.canParse(next, root)) return null;
  const url = new URL(next, root);
  const own = new URL(root);
  const named = hostOf(base) ?? own.host;
  const stranger = url.host !== own.host && url.host !== named;
  if (stranger || url.username !== '' || url.password !== '')
    throw new WrongConfiguration(
      `Confluence at ${own.host} pointed to ${url.host || url.protocol} for the next part of a list; nothing was sent there: set CONFLUENCE_BASE_URL to the address that Confluence really has`,
    );
  return url;
}

function hostOf(base: string | undefined): string | null {
  if (base === undefined || base.length > LONGEST_LINK || !URL.canParse(base)) return null;
  return new URL(base).host;
}
