import { z } from 'zod';
import { getJson } from '../client/get-json.ts';
import { readContentId } from '../parse/read-content-id.ts';
import { spaceKey } from '../parse/space-key.ts';
import type { SiteApi } from '../site-api.ts';

/** The keys of Cloud's spaces by their ids, learnt from the list of spaces and asked for where one is missing. */
export interface SpaceKeys {
  learn(id: string, key: string): void;
  /** Null where nothing is known. */
  known(id: string): string | null;
  /** Asks for the keys that are not known yet; those Confluence does not tell stay unknown. */
  lookUp(ids: Iterable<string>, signal: AbortSignal): Promise<void>;
}

const SpaceRow = z.object({ key: spaceKey });

/** Makes an empty collection of space keys. */
export function createSpaceKeys(api: SiteApi): SpaceKeys {
  const keys = new Map<string, string>();
  return {
    learn: (id, key) => {
      keys.set(id, key);
    },
    known: (id) => keys.get(id) ?? null,
    lookUp: async (ids, signal) => {
      for (const id of new Set(ids)) {
        if (keys.has(id) || readContentId(id) === null) continue;
        const what = `asking for the key of space ${id}`;
        const path = `/api/v2/spaces/${id}`;
        const request = { root: api.root, path, query: [], route: '/api/v2/spaces/{id}', what };
        const reply = await getJson(api.client, request, signal);
        const space = SpaceRow.safeParse(reply.value);
        if (reply.kind === 'json' && space.success) keys.set(id, space.data.key);
      }
    },
  };
}
