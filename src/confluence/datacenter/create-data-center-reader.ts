import { mergeById } from '../listing/merge-by-id.ts';
import type { SiteApi, SiteReader } from '../site-api.ts';
import { confirmDataCenterPages } from './confirm-data-center-pages.ts';
import { fetchDataCenterPages, type BulkAbility } from './fetch-data-center-pages.ts';
import { listDataCenterChanges } from './list-data-center-changes.ts';
import { listDataCenterPages, type Abilities } from './list-data-center-pages.ts';
import { listDataCenterSpaces } from './list-data-center-spaces.ts';

/** Reads a Data Center site. What the server turns out to be able to do is remembered. */
export function createDataCenterReader(api: SiteApi): SiteReader {
  const abilities: Abilities & BulkAbility = { scan: 'unknown', bulk: 'unknown' };
  return {
    listSpaces: (signal) => listDataCenterSpaces(api, signal),
    listPages: (space, options, signal) =>
      mergeById(
        api.settings.contentTypes.map((type) =>
          listDataCenterPages(api, abilities, space, type, options.bodies, signal),
        ),
      ),
    listChanges: (spaces, signal) => listDataCenterChanges(api, spaces, signal),
    fetchPages: async (ids, signal) => [
      ...(await fetchDataCenterPages(api, abilities, ids, signal)).values(),
    ],
    confirm: (ids, signal) => confirmDataCenterPages(api, ids, signal),
  };
}
