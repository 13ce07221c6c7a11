import { createDeadLists } from '../listing/create-dead-lists.ts';
import { mergeById } from '../listing/merge-by-id.ts';
import type { SiteApi, SiteReader } from '../site-api.ts';
import type { Abilities } from './abilities.ts';
import { askDataCenterAncestry } from './ask-data-center-ancestry.ts';
import { confirmDataCenterPages } from './confirm-data-center-pages.ts';
import { fetchDataCenterPages } from './fetch-data-center-pages.ts';
import { listArchivedPages } from './list-archived-pages.ts';
import { listDataCenterChanges } from './list-data-center-changes.ts';
import { listDataCenterPages } from './list-data-center-pages.ts';
import { listDataCenterSpaces } from './list-data-center-spaces.ts';

/** Reads a Data Center site. What the server turns out to be able to do is remembered. */
export function createDataCenterReader(api: SiteApi): SiteReader {
  const abilities: Abilities = { scan: 'unknown', bulk: 'unknown', archived: 'unknown' };
  const site = { api, abilities, dead: createDeadLists() };
  return {
    listSpaces: (signal) => listDataCenterSpaces(api, signal),
    listPages: (space, options, signal) =>
      mergeById(
        api.settings.contentTypes.flatMap((type) => {
          const current = listDataCenterPages(site, space, type, options, signal);
          if (type !== 'page') return [current];
          return [current, listArchivedPages(site, space, options, signal)];
        }),
      ),
    listChanges: (spaces, signal) => listDataCenterChanges(api, spaces, signal),
    fetchPages: async (ids, signal) => [
      ...(await fetchDataCenterPages(api, abilities, ids, signal)).values(),
    ],
    confirm: (ids, signal) => confirmDataCenterPages(api, ids, signal),
    ancestry: (pages, signal) => askDataCenterAncestry(api, pages, signal),
  };
}
