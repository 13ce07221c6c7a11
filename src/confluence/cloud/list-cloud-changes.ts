import type { ContentType, Space } from '../../sync/page.ts';
import type { ListingEvent } from '../../sync/source.ts';
import { cursorPager } from '../listing/cursor-pager.ts';
import { listByTime } from '../listing/list-by-time.ts';
import { mergeByTime } from '../listing/merge-by-time.ts';
import { walk } from '../listing/walk.ts';
import { linkBase } from '../parse/page-url.ts';
import { parseCloudPage } from '../parse/parse-cloud-page.ts';
import type { SiteApi } from '../site-api.ts';
import { cloudCollection, liveStatuses } from './cloud-collection.ts';

/** Cloud takes no more space ids than this in one filter. */
const MOST_SPACES = 100;

/** Lists what changed in these spaces, newest first, without a date in the question; each content type is a list of its own. */
export function listCloudChanges(
  api: SiteApi,
  spaces: readonly Space[],
  signal: AbortSignal,
): AsyncIterable<ListingEvent> {
  return mergeByTime(api.settings.contentTypes.map((type) => listType(api, spaces, type, signal)));
}

function listType(
  api: SiteApi,
  spaces: readonly Space[],
  type: ContentType,
  signal: AbortSignal,
): AsyncGenerator<ListingEvent, void> {
  const path = `/api/v2/${cloudCollection(type)}`;
  const what = `listing the changed ${cloudCollection(type)}`;
  const filter =
    spaces.length > MOST_SPACES ? [] : [['space-id', spaces.map(({ id }) => id).join(',')] as const];
  const query = [
    ['sort', '-modified-date'] as const,
    ...liveStatuses(type, api.settings.archived),
    ...filter,
  ];
  const list = { root: api.root, path, query, route: path, what };
  const keys = new Map(spaces.map(({ id, key }) => [id, key]));
  return listByTime(walk(api, cursorPager(list, { heads: 250, bodies: 250 }, []), false, signal), {
    what,
    // Rows of other spaces stay, with an empty key: their times tell how far back the walk has come.
    parse: (row, { base, lossy }) =>
      parseCloudPage(row, {
        type,
        base: linkBase(base, api.root),
        lossy,
        spaceKeyOf: (id) => (id === null ? null : (keys.get(id) ?? '')),
      }),
    onRefused: async (status) => {
      if (status === 403 || status === 404) await api.assertSignedIn(signal);
    },
  });
}
