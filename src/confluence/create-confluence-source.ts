import type { Clock, Log, Random } from '../sync/ambient.ts';
import { CredentialsRefused, LoginLocked } from '../sync/errors.ts';
import type { Identity, PageSource, Presence, Site } from '../sync/source.ts';
import { tokenUrl } from './api-roots.ts';
import { askIsUp, askWhoAmI } from './ask-who-am-i.ts';
import { createClient, type Client } from './client/create-client.ts';
import { endingWith } from './client/ending-with.ts';
import { createTransport } from './client/create-transport.ts';
import { createCloudReader } from './cloud/create-cloud-reader.ts';
import type { ConfluenceSettings } from './confluence-settings.ts';
import { createDataCenterReader } from './datacenter/create-data-center-reader.ts';
import { detectSite } from './detect-site.ts';
import { fitsAddress } from './fits-address.ts';
import { normaliseBaseUrl } from './normalise-base-url.ts';
import { readContentId } from './parse/read-content-id.ts';
import { remember } from './remember.ts';
import type { SiteApi, SiteReader } from './site-api.ts';

/** The world around the source. */
export type ConfluenceParts = Readonly<{ clock: Clock; random: Random; log: Log }>;

/** A page source that holds connections until it is closed. */
export type ConfluenceSource = PageSource & Readonly<{ close: () => void }>;

/**
 * Makes a page source over a Confluence site, Cloud or Data Center. Sends nothing before it is first asked; throws
 * `WrongConfiguration` at once where the settings cannot be right.
 */
export function createConfluenceSource(
  settings: ConfluenceSettings,
  parts: ConfluenceParts,
): ConfluenceSource {
  const base = normaliseBaseUrl(settings.baseUrl);
  const transport = createTransport(settings);
  const client = createClient(transport, { ...settings, tokenUrl: tokenUrl(base) }, parts);
  const open = (site: Site) => ({ site, reader: createReader(site, client, settings, parts.clock) });
  const opening = remember(async (signal) => open(await detectSite(client, base, settings, signal)));
  const opened = (signal: AbortSignal) => opening.get(signal);
  const siteOf = async (signal: AbortSignal) => (await opened(signal)).site;
  return {
    site: (signal, before) => {
      if (before && fitsAddress(before, base, settings)) opening.offer(open(before));
      return siteOf(signal);
    },
    whoAmI: async (signal) => {
      const { baseUrl } = await siteOf(signal);
      return await askWhoAmI(client, baseUrl, signal).catch(async (error: unknown) => {
        // A token that works only through the gateway may have taken the place of one that worked at the site's own address.
        const isDoubtful = error instanceof CredentialsRefused && !(error instanceof LoginLocked);
        if (!isDoubtful || !opening.doubt()) throw error;
        const found = await siteOf(signal);
        if (found.baseUrl === baseUrl) throw error;
        return await askWhoAmI(client, found.baseUrl, signal);
      });
    },
    listSpaces: async (signal) => (await opened(signal)).reader.listSpaces(signal),
    listPages: async function* (space, options, signal) {
      yield* (await opened(signal)).reader.listPages(space, options, signal);
    },
    listChanges: async function* (spaces, signal) {
      if (spaces.length === 0) yield { kind: 'end', complete: true };
      else yield* (await opened(signal)).reader.listChanges(spaces, signal);
    },
    fetchPages: async (ids, signal) => fetchEach((await opened(signal)).reader, ids, signal),
    confirm: async (ids, signal) => confirmEach((await opened(signal)).reader, ids, signal),
    ancestry: async (pages, signal) => (await opened(signal)).reader.ancestry(pages, signal),
    counts: () => client.counts(),
    close: () => {
      transport.close();
    },
  };
}

const SECOND_LOOK_MS = 1000;

function createReader(site: Site, client: Client, settings: ConfluenceSettings, clock: Clock): SiteReader {
  const root = site.baseUrl;
  const api: SiteApi = {
    client,
    root,
    settings,
    isUp: (signal) => askIsUp(client, root, signal),
    assertSignedIn: async (signal) => {
      assertKnown(await askWhoAmI(client, root, signal), settings);
    },
    waitForSecondLook: (signal) => endingWith(signal, clock.sleep(SECOND_LOOK_MS, signal)),
  };
  return site.deployment === 'cloud' ? createCloudReader(api) : createDataCenterReader(api);
}

function assertKnown(identity: Identity, settings: ConfluenceSettings): void {
  if (identity.kind === 'anonymous' && settings.credentials.kind !== 'anonymous')
    throw new CredentialsRefused(
      'Confluence answers as if there were no credentials: check that the user and the token are valid',
    );
}

async function fetchEach(reader: SiteReader, ids: readonly string[], signal: AbortSignal) {
  const wanted = [...new Set(ids)];
  const pages = await reader.fetchPages(
    wanted.filter((id) => readContentId(id) !== null),
    signal,
  );
  const answered = new Set(pages.map((page) => (page.kind === 'page' ? page.head.id : page.id)));
  const absent = wanted.filter((id) => !answered.has(id));
  return [...pages, ...absent.map((id) => ({ kind: 'absent' as const, id }))];
}

async function confirmEach(
  reader: SiteReader,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Presence>> {
  const wanted = [...new Set(ids)];
  const found = await reader.confirm(
    wanted.filter((id) => readContentId(id) !== null),
    signal,
  );
  const unclear: Presence = { kind: 'unclear', reason: 'it is no content id' };
  return new Map(wanted.map((id) => [id, found.get(id) ?? unclear]));
}
