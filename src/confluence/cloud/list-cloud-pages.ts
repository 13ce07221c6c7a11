import type { ContentType, Space } from '../../sync/page.ts';
import type { ListingEvent, ListOptions } from '../../sync/source.ts';
import { percentEncode } from '../client/percent-encode.ts';
import { cursorPager } from '../listing/cursor-pager.ts';
import { listInOrder } from '../listing/list-in-order.ts';
import { mergeById } from '../listing/merge-by-id.ts';
import { walk } from '../listing/walk.ts';
import { linkBase } from '../parse/page-url.ts';
import { parseCloudPage } from '../parse/parse-cloud-page.ts';
import type { SiteApi } from '../site-api.ts';
import { cloudCollection, liveStatuses } from './cloud-collection.ts';
import type { SpaceKeys } from './create-space-keys.ts';

/** Lists a Cloud space's live content by id; each content type is a list of its own. */
export function listCloudPages(
  api: SiteApi,
  keys: SpaceKeys,
  space: Space,
  options: ListOptions,
  signal: AbortSignal,
): AsyncIterable<ListingEvent> {
  keys.learn(space.id, space.key);
  return mergeById(
    api.settings.contentTypes.map((type) => listType(api, keys, space, type, options.bodies, signal)),
  );
}

function listType(
  api: SiteApi,
  keys: SpaceKeys,
  space: Space,
  type: ContentType,
  bodies: boolean,
  signal: AbortSignal,
): AsyncGenerator<ListingEvent, void> {
  const collection = cloudCollection(type);
  const what = `listing the ${collection} of space ${space.key}`;
  const list = {
    root: api.root,
    path: `/api/v2/spaces/${percentEncode(space.id)}/${collection}`,
    query: [['sort', 'id'], ...liveStatuses(type, api.settings.archived)] as const,
    route: `/api/v2/spaces/{id}/${collection}`,
    what,
  };
  const pager = cursorPager(list, { heads: 250, bodies: 100 }, [['body-format', 'storage']]);
  return listInOrder(walk(api, pager, bodies, signal), {
    what,
    bodies,
    parse: (row, { base, lossy }) =>
      parseCloudPage(row, {
        type,
        base: linkBase(base, api.root),
        lossy,
        spaceKeyOf: (spaceId) => (spaceId === null ? space.key : (keys.known(spaceId) ?? space.key)),
      }),
    onRefused: async (status) => {
      if (status === 403 || status === 404) await api.assertSignedIn(signal);
    },
  });
}
