import type { Space } from '../../sync/page.ts';
import type { ListingEvent } from '../../sync/source.ts';
import { listByTime } from '../listing/list-by-time.ts';
import { searchPager } from '../listing/search-pager.ts';
import { walk } from '../listing/walk.ts';
import { parseDataCenterPage } from '../parse/parse-data-center-page.ts';
import type { SiteApi } from '../site-api.ts';
import { expansions } from './expansions.ts';

/** Spaces and characters of a filter that still fits into an address. */
const MOST_SPACES = 100;
const LONGEST_FILTER = 3000;

const WHAT = 'listing the changed content';

/**
 * Lists what changed in these spaces, newest first, by search. The query holds no date: servers read one in a time zone that
 * nobody can tell. Archived content is not in the search index.
 */
export function listDataCenterChanges(
  api: SiteApi,
  spaces: readonly Space[],
  signal: AbortSignal,
): AsyncGenerator<ListingEvent, void> {
  const { contentTypes } = api.settings;
  const route = '/rest/api/content/search';
  const query = [['cql', cqlFor(contentTypes, spaces)] as const, ['expand', expansions(false)] as const];
  const list = { root: api.root, path: route, query, route, what: WHAT };
  return listByTime(walk(api, searchPager(list, 250), false, signal), {
    what: WHAT,
    // Rows of other spaces stay: their times tell how far back the walk has come.
    parse: (row, { lossy }) =>
      parseDataCenterPage(row, { base: api.root, contentTypes, spaceKey: null, lossy }),
    onRefused: async (status) => {
      if (status === 403) await api.assertSignedIn(signal);
    },
  });
}

function cqlFor(types: SiteApi['settings']['contentTypes'], spaces: readonly Space[]): string {
  const keys = spaces.map(({ key }) => quoted(key)).join(',');
  const filtered = spaces.length <= MOST_SPACES && keys.length <= LONGEST_FILTER;
  const filter = filtered ? ` and space in (${keys})` : '';
  return `type in (${types.join(',')})${filter} order by lastmodified desc`;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;
}
