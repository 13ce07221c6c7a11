import type { ContentType, Space } from '../../sync/page.ts';
import type { ListingEvent } from '../../sync/source.ts';
import { percentEncode } from '../client/percent-encode.ts';
import { listGathered } from '../listing/list-gathered.ts';
import { listInOrder } from '../listing/list-in-order.ts';
import { offsetPager } from '../listing/offset-pager.ts';
import { scanPager } from '../listing/scan-pager.ts';
import { walk, type WalkEvent } from '../listing/walk.ts';
import { parseDataCenterPage } from '../parse/parse-data-center-page.ts';
import type { SiteApi } from '../site-api.ts';
import type { Abilities } from './abilities.ts';
import { expansions } from './expansions.ts';

/** Statuses by which a server without the scan endpoint answers. */
const NO_SUCH_ENDPOINT = [400, 404, 405, 501];

/**
 * Lists one content type of a space by ascending id: by the scan endpoint (7.18 and newer), or, where a server has none, by
 * reading the plain list whole and putting it in order.
 */
export async function* listDataCenterPages(
  api: SiteApi,
  abilities: Abilities,
  space: Space,
  type: ContentType,
  bodies: boolean,
  signal: AbortSignal,
): AsyncGenerator<ListingEvent, void> {
  const what = `listing the ${type}s of space ${space.key}`;
  const query = [['spaceKey', space.key] as const, ['type', type] as const];
  const parse = (row: unknown, { lossy }: Extract<WalkEvent, { kind: 'rows' }>) =>
    parseDataCenterPage(row, { base: api.root, contentTypes: [type], spaceKey: space.key, lossy });
  if (abilities.scan !== 'absent') {
    const route = '/rest/api/content/scan';
    const list = { root: api.root, path: route, query, route, what };
    const pager = scanPager(list, { heads: 200, bodies: 50 }, expansions);
    const events = await scanned(walk(api, pager, bodies, signal), abilities);
    if (events !== null) {
      yield* listInOrder(events, { what, bodies, parse, onRefused: async () => {} });
      return;
    }
  }
  const route = '/rest/api/content';
  const plain = [...query, ['expand', expansions(false)] as const];
  const list = { root: api.root, path: route, query: plain, route, what };
  yield* listGathered(walk(api, offsetPager(list, 200), false, signal), {
    what,
    parse,
    isThere: () => isThere(api, space.key, signal),
  });
}

/** The scan's events, or null where the first answer shows that this server has no scan. */
async function scanned(
  events: AsyncGenerator<WalkEvent, void>,
  abilities: Abilities,
): Promise<AsyncGenerator<WalkEvent, void> | null> {
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
  first: WalkEvent,
  rest: AsyncGenerator<WalkEvent, void>,
): AsyncGenerator<WalkEvent, void> {
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
