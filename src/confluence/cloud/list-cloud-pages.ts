import type { ContentType, SourcePage, Space } from '../../sync/page.ts';
import type { ListingEvent, ListOptions } from '../../sync/source.ts';
import type { DeadLists } from '../listing/create-dead-lists.ts';
import { cursorPager } from '../listing/cursor-pager.ts';
import { listFromEnd } from '../listing/list-from-end.ts';
import { listInOrder } from '../listing/list-in-order.ts';
import { mergeById } from '../listing/merge-by-id.ts';
import { noneStored } from '../listing/none-stored.ts';
import { restarting } from '../listing/restarting.ts';
import { walk, type WalkEvent } from '../listing/walk.ts';
import { linkBase } from '../parse/page-url.ts';
import { parseCloudPage } from '../parse/parse-cloud-page.ts';
import type { SiteApi } from '../site-api.ts';
import { cloudCollection, liveStatuses } from './cloud-collection.ts';
import type { SpaceKeys } from './create-space-keys.ts';
import { fetchCloudPages } from './fetch-cloud-pages.ts';

/** A site with what its reader has learnt of it. */
export type CloudSite = Readonly<{ api: SiteApi; keys: SpaceKeys; dead: DeadLists }>;

/** Ids between two rows that are tried, a hundred a request, where the list cannot be read there. */
const MOST_GUESSES = 5000;

/** Lists a Cloud space's live content by id; each content type is a list of its own. */
export function listCloudPages(
  site: CloudSite,
  space: Space,
  options: ListOptions,
  signal: AbortSignal,
): AsyncIterable<ListingEvent> {
  const { api, keys } = site;
  keys.learn(space.id, space.key);
  return mergeById(api.settings.contentTypes.map((type) => listType(site, space, type, options, signal)));
}

function listType(
  { api, keys, dead }: CloudSite,
  space: Space,
  type: ContentType,
  { bodies, stored = noneStored }: ListOptions,
  signal: AbortSignal,
): AsyncGenerator<ListingEvent, void> {
  const what = `listing the ${cloudCollection(type)} of space ${space.key}`;
  const parts = {
    what,
    dead,
    parse: (row: unknown, { base, lossy }: Extract<WalkEvent, { kind: 'rows' }>) =>
      parseCloudPage(row, {
        type,
        base: linkBase(base, api.root),
        lossy,
        spaceKeyOf: (spaceId) => (spaceId === null ? space.key : (keys.known(spaceId) ?? space.key)),
      }),
    onRefused: async (status: number) => {
      if (status === 403 || status === 404) await api.assertSignedIn(signal);
    },
  };
  const bridge = {
    what,
    spaceKey: space.key,
    most: MOST_GUESSES,
    stored,
    isListed: ({ head }: SourcePage) => head.spaceKey === space.key && head.type === type,
    fetch: async (ids: readonly string[]) => [...(await fetchCloudPages(api, keys, ids, signal)).values()],
  };
  return listInOrder(
    restarting(() => walk(api, pagerOf(api, space, type, what, 'id'), bodies, signal)),
    {
      ...parts,
      bodies,
      // Cursors cannot be made: past a row that makes its list fail only the other end leads.
      wayOn: (highest, error) =>
        listFromEnd(walk(api, pagerOf(api, space, type, what, '-id'), false, signal), highest, error, {
          ...parts,
          bridge,
        }),
    },
  );
}

function pagerOf(api: SiteApi, space: Space, type: ContentType, what: string, sort: 'id' | '-id') {
  const collection = cloudCollection(type);
  const list = {
    root: api.root,
    path: `/api/v2/spaces/${encodeURIComponent(space.id)}/${collection}`,
    query: [['sort', sort], ...liveStatuses(type, api.settings.archived)] as const,
    route: `/api/v2/spaces/{id}/${collection}`,
    what,
  };
  return cursorPager(list, { heads: 250, bodies: 100 }, [['body-format', 'storage']], sort === '-id');
}
