import type { KnownPage, PageHead } from './page.ts';

/** What a listed page needs: its body, only its row brought up to date, or nothing. */
export type Need = 'body' | 'head' | 'nothing';

/**
 * Decides from a head and the stored row what a page needs. Number and time of a version together are Confluence's own
 * mark of a body; parent, space, status and address move without either, so they are compared by themselves.
 */
export function compare(head: PageHead, known: KnownPage | undefined): Need {
  if (known === undefined || known.deleted || !sameVersion(head, known)) return 'body';
  return samePlace(head, known) ? 'nothing' : 'head';
}

/** What storing `head` over the stored row is called: the first that fits, in the report's order. */
export function nameChange(
  head: PageHead,
  known: KnownPage | undefined,
): 'created' | 'restored' | 'moved' | 'updated' | 'unchanged' {
  if (known === undefined) return 'created';
  if (known.deleted) return 'restored';
  if (head.spaceKey !== known.spaceKey || head.parentId !== known.parentId) return 'moved';
  return sameVersion(head, known) && samePlace(head, known) ? 'unchanged' : 'updated';
}

function sameVersion(head: PageHead, known: KnownPage): boolean {
  return (
    head.version === known.version &&
    head.lastUpdated.getTime() === known.lastUpdated.getTime() &&
    head.title === known.title &&
    head.type === known.type
  );
}

function samePlace(head: PageHead, known: KnownPage): boolean {
  return (
    head.spaceKey === known.spaceKey &&
    head.parentId === known.parentId &&
    head.status === known.status &&
    head.url === known.url
  );
}
