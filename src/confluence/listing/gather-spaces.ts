import type { Space } from '../../sync/page.ts';
import type { SpaceListing } from '../../sync/source.ts';
import { ConfluenceUnavailable, CredentialsRefused, WrongConfiguration } from '../../sync/errors.ts';
import type { WalkEvent } from './walk.ts';

/**
 * Reads a whole list of spaces. A key that comes again keeps its first row; an answer with nothing new is the end, since
 * Data Center has been seen to repeat rows past it. Rows that are no space make the list incomplete.
 */
export async function gatherSpaces(
  events: AsyncIterable<WalkEvent>,
  parse: (row: unknown) => Space | null,
): Promise<SpaceListing> {
  const spaces = new Map<string, Space>();
  let reason: string | null = null;
  for await (const event of events) {
    if (event.kind === 'end') break;
    if (event.kind === 'hole') reason ??= 'Confluence fails on one of its rows';
    if (event.kind === 'hole') continue;
    if (spaces.size === 0) assertBegun(event);
    if (event.kind === 'blocked') reason = `listing the spaces broke off: ${event.error.message}`;
    if (event.kind === 'refused') reason = `listing the spaces was refused (HTTP ${event.status})`;
    if (event.kind === 'broken') reason = `listing the spaces broke off: ${event.reason}`;
    if (event.kind !== 'rows') break;
    const before = spaces.size;
    for (const row of event.rows) {
      const space = parse(row);
      if (space === null) reason ??= 'the list of spaces has a row that is no space';
      else if (!spaces.has(space.key)) spaces.set(space.key, space);
    }
    if (event.rows.length > 0 && spaces.size === before) break;
  }
  return { spaces: [...spaces.values()], complete: reason === null, reason };
}

/** A list that does not even begin would look like a site without spaces. */
function assertBegun(event: WalkEvent): void {
  if (event.kind === 'blocked') throw event.error;
  if (event.kind === 'broken')
    throw new ConfluenceUnavailable(
      `listing the spaces failed: ${event.reason}; the next run goes on from here`,
    );
  if (event.kind !== 'refused') return;
  if (event.status === 403)
    throw new CredentialsRefused(
      'listing the spaces was refused (HTTP 403): check that the account may use Confluence and the token may read spaces',
    );
  throw new WrongConfiguration(
    `listing the spaces was refused (HTTP ${event.status}): check CONFLUENCE_BASE_URL and CONFLUENCE_DEPLOYMENT`,
  );
}
