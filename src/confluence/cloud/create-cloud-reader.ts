import type { SiteApi, SiteReader } from '../site-api.ts';
import { askCloudAncestry } from './ask-cloud-ancestry.ts';
import { createDeadLists } from '../listing/create-dead-lists.ts';
import { confirmCloudPages } from './confirm-cloud-pages.ts';
import { createSpaceKeys } from './create-space-keys.ts';
import { fetchCloudPages } from './fetch-cloud-pages.ts';
import { listCloudChanges } from './list-cloud-changes.ts';
import { listCloudPages } from './list-cloud-pages.ts';
import { listCloudSpaces } from './list-cloud-spaces.ts';

/** Reads a Cloud site through REST API v2. */
export function createCloudReader(api: SiteApi): SiteReader {
  const keys = createSpaceKeys(api);
  const dead = createDeadLists();
  return {
    listSpaces: (signal) => listCloudSpaces(api, keys, signal),
    listPages: (space, options, signal) => listCloudPages({ api, keys, dead }, space, options, signal),
    listChanges: (spaces, signal) => listCloudChanges(api, spaces, signal),
    fetchPages: async (ids, signal) => [...(await fetchCloudPages(api, keys, ids, signal)).values()],
    confirm: (ids, signal) => confirmCloudPages({ api, keys }, ids, signal),
    ancestry: (pages, signal) => askCloudAncestry(api, pages, signal),
  };
}
