import { z } from 'zod';
import type { Space } from '../../sync/page.ts';
import type { SpaceListing } from '../../sync/source.ts';
import { gatherSpaces } from '../listing/gather-spaces.ts';
import { offsetPager } from '../listing/offset-pager.ts';
import { walk } from '../listing/walk.ts';
import { readContentId } from '../parse/read-content-id.ts';
import { isLive, readStatus } from '../parse/read-status.ts';
import { spaceKey } from '../parse/space-key.ts';
import type { SiteApi } from '../site-api.ts';

/** Lists Data Center's visible spaces, current and archived. */
export async function listDataCenterSpaces(api: SiteApi, signal: AbortSignal): Promise<SpaceListing> {
  const path = '/rest/api/space';
  const list = { root: api.root, path, query: [], route: path, what: 'listing the spaces' };
  return await gatherSpaces(walk(api, offsetPager(list, 500, 'believed'), false, signal), parseSpace);
}

const Row = z.object({
  id: z.unknown().optional(),
  key: spaceKey,
  name: z.string().optional().catch(undefined),
  status: z.unknown().optional(),
});

function parseSpace(row: unknown): Space | null {
  const space = Row.safeParse(row).data;
  if (space === undefined) return null;
  const { key, name } = space;
  const status = readStatus(space.status);
  // Pages are asked for by the space's key here; its id is only another name for it.
  const id = readContentId(space.id) ?? key;
  return { id, key, name: name ?? key, status: isLive(status) ? status : 'current' };
}
