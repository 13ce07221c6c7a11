import type { Space } from '../../sync/page.ts';
import type { ListingEvent, ListOptions } from '../../sync/source.ts';
import { listInOrder } from '../listing/list-in-order.ts';
import { incomplete } from '../listing/listing-end.ts';
import { scanPager } from '../listing/scan-pager.ts';
import { walk } from '../listing/walk.ts';
import { parseDataCenterPage } from '../parse/parse-data-center-page.ts';
import { parseEnvelope } from '../parse/parse-envelope.ts';
import { readStatus } from '../parse/read-status.ts';
import type { ApiRequest } from '../client/api-request.ts';
import type { SiteApi } from '../site-api.ts';
import type { Abilities } from './abilities.ts';
import { expansions } from './expansions.ts';
import type { DataCenterSite } from './list-data-center-pages.ts';

/** Tries of the question whether a server lists archived pages: one that fails at it must not fail the run. */
const PROBE_TRIES = 2;

const UNSEEN =
  'this Data Center has no scan endpoint (7.18 and newer): its archived pages, if it has any, do not arrive';

/**
 * Lists a space's archived pages by ascending id, where the server does: the usual scan shows current ones alone. A server that
 * refuses the status or passes over it is asked once and then taken to have no such list.
 */
export async function* listArchivedPages(
  { api, abilities, dead }: DataCenterSite,
  space: Space,
  { bodies }: ListOptions,
  signal: AbortSignal,
): AsyncGenerator<ListingEvent, void> {
  const what = `listing the archived pages of space ${space.key}`;
  const route = '/rest/api/content/scan';
  const query = [
    ['spaceKey', space.key] as const,
    ['type', 'page'] as const,
    ['status', 'archived'] as const,
  ];
  const list = { root: api.root, path: route, query, route, what };
  if (!(await areListed(api, abilities, list, signal))) {
    const isUnseen = abilities.scan === 'absent' && api.settings.archived === 'include';
    yield { kind: 'end', complete: true, ...(isUnseen && { note: UNSEEN }) };
    return;
  }
  const pager = scanPager(list, { heads: 200, bodies: 50 }, expansions);
  yield* listInOrder(walk(api, pager, bodies, signal), {
    what,
    bodies,
    parse: (row, { lossy }) =>
      parseDataCenterPage(row, { base: api.root, contentTypes: ['page'], spaceKey: space.key, lossy }),
    onRefused: async () => {},
    dead,
    // Servers that list archived pages any other way are not known.
    wayOn: async function* (_, error) {
      yield await Promise.resolve(incomplete({ what }, error.message, true));
    },
  });
}

/** True where there are archived pages to list. An empty answer leaves the question open for the next space. */
async function areListed(
  api: SiteApi,
  abilities: Abilities,
  list: ApiRequest,
  signal: AbortSignal,
): Promise<boolean> {
  if (api.settings.archived === 'exclude' || abilities.scan !== 'works') return false;
  if (abilities.archived !== 'unknown') return abilities.archived === 'works';
  const probe = { ...list, query: [...list.query, ['limit', '1'] as const], tries: PROBE_TRIES };
  const reply = await api.client.get(probe, signal);
  const rows = reply.kind === 'json' ? parseEnvelope(reply.value)?.results : undefined;
  const [first] = rows ?? [];
  if (rows === undefined) abilities.archived = 'absent';
  else if (first !== undefined) abilities.archived = isArchived(first) ? 'works' : 'absent';
  return abilities.archived === 'works';
}

function isArchived(row: unknown): boolean {
  return typeof row === 'object' && row !== null && 'status' in row && readStatus(row.status) === 'archived';
}
