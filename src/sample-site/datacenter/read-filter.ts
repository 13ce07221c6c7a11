import type { ContentType } from '../../sync/page.ts';
import type { ContentStatus } from '../content.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';
import { badRequest, v1Error } from '../v1/v1-error.ts';

/** Which content is asked for; `spaces` null is every space. */
export type Filter = Readonly<{
  type: ContentType;
  spaces: readonly number[] | null;
  statuses: readonly ContentStatus[];
}>;

const STATUSES: Readonly<Record<string, readonly ContentStatus[]>> = {
  current: ['current'],
  archived: ['archived'],
  trashed: ['trashed'],
  any: ['current', 'trashed'],
  draft: [],
};

/** Reads `type`, `spaceKey` and `status`; throws a 404 refusal for a space that is not there or may not be seen. */
export function readFilter(site: Site, call: Call): Filter {
  const type = call.query.get('type') ?? 'page';
  if (type !== 'page' && type !== 'blogpost') throw badRequest(`No ContentType found with name : ${type}`);
  const key = call.query.get('spaceKey');
  return {
    type,
    spaces: key === null ? null : [spaceIndexOf(site, call, key)],
    statuses: readStatuses(call.query),
  };
}

/** Reads `status`, repeatable; current content unless told. */
export function readStatuses(query: URLSearchParams): ContentStatus[] {
  const names = query.getAll('status').flatMap((text) => text.split(','));
  const asked = (names.length === 0 ? ['current'] : names).flatMap((name) => {
    const statuses = STATUSES[name.toLowerCase()];
    if (statuses === undefined) throw badRequest(`Status ${name} is not supported`);
    return statuses;
  });
  return [...new Set(asked)];
}

/** The index of a space that may be seen; throws a 404 refusal else. */
export function spaceIndexOf(site: Site, call: Call, key: string): number {
  const space = site.library.spaces.find((one) => one.key.toLowerCase() === key.toLowerCase());
  if (space === undefined || !call.seesSpace(space.index)) {
    throw v1Error(404, `No space with key : ${key}`, { reason: 'Not Found' });
  }
  return space.index;
}
