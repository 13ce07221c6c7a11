import { z } from 'zod';
import type { Space } from '../../sync/page.ts';
import type { SpaceListing } from '../../sync/source.ts';
import { cursorPager } from '../listing/cursor-pager.ts';
import { gatherSpaces } from '../listing/gather-spaces.ts';
import { walk, type WalkEvent } from '../listing/walk.ts';
import { readContentId } from '../parse/read-content-id.ts';
import { isLive, readStatus } from '../parse/read-status.ts';
import { spaceKey } from '../parse/space-key.ts';
import type { SiteApi } from '../site-api.ts';
import type { SpaceKeys } from './create-space-keys.ts';

/** Lists Cloud's visible spaces, current and archived, and learns their keys. */
export async function listCloudSpaces(
  api: SiteApi,
  keys: SpaceKeys,
  signal: AbortSignal,
): Promise<SpaceListing> {
  const events = checked(fromBothEnds(api, signal), api, signal);
  const listing = await gatherSpaces(events, parseSpace);
  for (const space of listing.spaces) keys.learn(space.id, space.key);
  return listing;
}

/** Past a row on which the list fails the other end leads; what comes again ends it. */
async function* fromBothEnds(api: SiteApi, signal: AbortSignal): AsyncGenerator<WalkEvent, void> {
  for await (const event of walk(api, pagerOf(api, 'id'), false, signal)) {
    if (event.kind !== 'blocked') {
      yield event;
      continue;
    }
    yield { kind: 'hole', error: event.error };
    yield* walk(api, pagerOf(api, '-id'), false, signal);
  }
}

function pagerOf(api: SiteApi, sort: 'id' | '-id') {
  const path = '/api/v2/spaces';
  const query = [['sort', sort]] as const;
  const list = { root: api.root, path, query, route: path, what: 'listing the spaces' };
  return cursorPager(list, { heads: 250, bodies: 250 }, [], sort === '-id');
}

// Cloud answers 404 to everything once credentials are revoked.
async function* checked(
  events: AsyncIterable<WalkEvent>,
  api: SiteApi,
  signal: AbortSignal,
): AsyncGenerator<WalkEvent, void> {
  for await (const event of events) {
    if (event.kind === 'refused' && event.status === 404) await api.assertSignedIn(signal);
    yield event;
  }
}

const Row = z.object({
  id: z.unknown().optional(),
  key: spaceKey,
  name: z.string().optional().catch(undefined),
  status: z.unknown().optional(),
});

function parseSpace(row: unknown): Space | null {
  const parsed = Row.safeParse(row);
  const id = parsed.success ? readContentId(parsed.data.id) : null;
  if (!parsed.success || id === null) return null;
  const status = readStatus(parsed.data.status);
  const { key, name } = parsed.data;
  return { id, key, name: name ?? key, status: isLive(status) ? status : 'current' };
}
