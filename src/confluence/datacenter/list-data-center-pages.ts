import type { ContentType, Space } from '../../sync/page.ts';
import type { ListingEvent, ListOptions } from '../../sync/source.ts';
import type { BridgeParts } from '../listing/bridge-gap.ts';
import type { DeadLists } from '../listing/create-dead-lists.ts';
import { percentEncode } from '../client/percent-encode.ts';
import { listGathered } from '../listing/list-gathered.ts';
import { listInOrder } from '../listing/list-in-order.ts';
import { noneStored } from '../listing/none-stored.ts';
import { offsetPager } from '../listing/offset-pager.ts';
import { restarting } from '../listing/restarting.ts';
import { scanPager } from '../listing/scan-pager.ts';
import { walk, type WalkEvent } from '../listing/walk.ts';
import { parseDataCenterPage } from '../parse/parse-data-center-page.ts';
import type { SiteApi } from '../site-api.ts';
import type { Abilities } from './abilities.ts';
import { expansions } from './expansions.ts';
import { fetchDataCenterPages } from './fetch-data-center-pages.ts';

/** Statuses by which a server without the scan endpoint answers. */
const NO_SUCH_ENDPOINT = [400, 404, 405, 501];

/** A server with what its reader has learnt of it. */
export type DataCenterSite = Readonly<{ api: SiteApi; abilities: Abilities; dead: DeadLists }>;

/** Ids between two rows that are tried, mostly one by one, where the list cannot be read there. */
const MOST_GUESSES = 100;

/**
 * Lists one content type of a space by ascending id: by the scan endpoint (7.18 and newer), or, where a server has none or it
 * fails on a row, by reading the plain list whole and putting it in order.
 */
export async function* listDataCenterPages(
  site: DataCenterSite,
  space: Space,
  type: ContentType,
  options: ListOptions,
  signal: AbortSignal,
): AsyncGenerator<ListingEvent, void> {
  const { api, abilities, dead } = site;
  const what = `listing the ${type}s of space ${space.key}`;
  const query = [['spaceKey', space.key] as const, ['type', type] as const];
  const parse = (row: unknown, { lossy }: Extract<WalkEvent, { kind: 'rows' }>) =>
    parseDataCenterPage(row, { base: api.root, contentTypes: [type], spaceKey: space.key, lossy });
  const plain = (after: string | null) => {
    const list = { root: api.root, path: CONTENT, query: [...query, EXPAND], route: CONTENT, what };
    return listGathered(walk(api, offsetPager(list, 200), false, signal), {
      what,
      parse,
      isThere: () => isThere(api, space.key, signal),
      after,
      dead,
      bridge: bridgeOf(site, space, type, what, options, signal),
    });
  };
  if (abilities.scan !== 'absent') {
    const list = { root: api.root, path: SCAN, query, route: SCAN, what };
    const pager = scanPager(list, { heads: 200, bodies: 50 }, expansions);
    const { bodies } = options;
    const events = await scanned(
      restarting(() => walk(api, pager, bodies, signal)),
      abilities,
    );
    if (events !== null) {
      // The scan's cursors are its own; the plain list counts rows and can step over one.
      const wayOn = (highest: string | null) => plain(highest);
      yield* listInOrder(events, { what, bodies, parse, onRefused: async () => {}, wayOn, dead });
      return;
    }
  }
  yield* plain(null);
}

const SCAN = '/rest/api/content/scan';
const CONTENT = '/rest/api/content';
const EXPAND = ['expand', expansions(false)] as const;

function bridgeOf(
  { api, abilities }: DataCenterSite,
  space: Space,
  type: ContentType,
  what: string,
  { stored = noneStored }: ListOptions,
  signal: AbortSignal,
): BridgeParts {
  return {
    what,
    spaceKey: space.key,
    most: MOST_GUESSES,
    stored,
    isListed: ({ head }) => head.spaceKey === space.key && head.type === type && head.status === 'current',
    fetch: async (ids) => [...(await fetchDataCenterPages(api, abilities, ids, signal)).values()],
  };
}

type ScanEvent = WalkEvent | Readonly<{ kind: 'restarted' }>;

/** The scan's events, or null where the first answer shows that this server has no scan. */
async function scanned(
  events: AsyncGenerator<ScanEvent, void>,
  abilities: Abilities,
): Promise<AsyncGenerator<ScanEvent, void> | null> {
  const first = await events.next();
  if (first.done === true) return null;
  const event = first.value;
  const refused = event.kind === 'refused' && NO_SUCH_ENDPOINT.includes(event.status);
  if (refused && abilities.scan === 'unknown') {
    abilities.scan = 'absent';
    return null;
  }
  if (event.kind === 'rows') abilities.scan = 'works';
  return resumed(event, events);
}

async function* resumed(
  first: ScanEvent,
  rest: AsyncGenerator<ScanEvent, void>,
): AsyncGenerator<ScanEvent, void> {
  yield first;
  yield* rest;
}

/** A space that may not be seen any more has an empty list too. */
async function isThere(api: SiteApi, key: string, signal: AbortSignal): Promise<boolean> {
  const request = {
    root: api.root,
    path: `/rest/api/space/${percentEncode(key)}`,
    query: [],
    route: '/rest/api/space/{key}',
    what: `asking for space ${key}`,
  };
  return (await api.client.get(request, signal)).kind === 'json';
}
