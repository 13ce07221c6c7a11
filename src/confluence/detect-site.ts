import { z } from 'zod';
import { ConfluenceUnavailable, CredentialsRefused, WrongConfiguration } from '../sync/errors.ts';
import type { Site } from '../sync/source.ts';
import { cloudRoot, dataCenterRoot, gatewayRoot, isLocal } from './api-roots.ts';
import type { Answer } from './client/answer.ts';
import type { Client } from './client/create-client.ts';
import { refuseToGoOn, unavailable } from './client/refuse-to-go-on.ts';
import type { ConfluenceSettings } from './confluence-settings.ts';
import type { BaseUrl } from './normalise-base-url.ts';
import { lacksScope } from './missing-scope.ts';
import { parseEnvelope } from './parse/parse-envelope.ts';

/** The settings that finding the site needs. */
export type SiteSettings = Pick<ConfluenceSettings, 'deployment' | 'credentials' | 'cloudId'>;

const WHAT = 'looking for Confluence at CONFLUENCE_BASE_URL';

/**
 * Finds out what Confluence stands at the address: by the settings and the host where they tell, else by asking. Throws
 * `WrongConfiguration` where nothing there is Confluence.
 */
export async function detectSite(
  client: Client,
  base: BaseUrl,
  settings: SiteSettings,
  signal: AbortSignal,
): Promise<Site> {
  const probe = createProbe(client, signal);
  const told = settings.deployment === 'auto' ? base.deployment : settings.deployment;
  const oauth = settings.credentials.kind === 'oauth';
  if (told === 'datacenter' && oauth) throw onlyCloud();
  // Client credentials are Cloud's: no other question is worth signing in for.
  if (told === 'cloud' || oauth) return await cloudSite(probe, base, settings);
  const server = dataCenterRoot(base);
  if (told === 'datacenter') return dataCenterSite(server, await probe.serverVersion(server));
  const cloudId = await probe.cloudId(base.origin);
  if (cloudId !== null) return cloudAt(cloudRoot(base), settings.cloudId ?? cloudId);
  const version = await probe.serverVersion(server);
  if (version !== null) return dataCenterSite(server, version);
  if (await probe.isList(cloudRoot(base), '/api/v2/spaces'))
    return cloudAt(cloudRoot(base), settings.cloudId);
  if (await probe.isList(server, '/rest/api/space')) return dataCenterSite(server, null);
  throw probe.nothingFound();
}

function cloudAt(baseUrl: string, cloudId: string | null): Site {
  return { deployment: 'cloud', baseUrl, cloudId, version: null };
}

function dataCenterSite(baseUrl: string, version: string | null): Site {
  return { deployment: 'datacenter', baseUrl, cloudId: null, version };
}

/**
 * Chooses between a Cloud site's own address and the gateway: a bearer token, and a Basic token that the site refuses, can
 * only be a scoped one.
 */
async function cloudSite(probe: Probe, base: BaseUrl, settings: SiteSettings): Promise<Site> {
  if (base.gatewayCloudId !== null) return cloudAt(cloudRoot(base), base.gatewayCloudId);
  const cloudId = settings.cloudId ?? (await probe.cloudId(base.origin));
  const own = cloudAt(cloudRoot(base), cloudId);
  if (cloudId === null && settings.credentials.kind === 'oauth' && !isLocal(base)) throw onlyCloud();
  if (cloudId === null) return own;
  const gateway = cloudAt(gatewayRoot(base, cloudId), cloudId);
  if (needsGateway(base, settings)) return gateway;
  if (!base.atlassian || settings.credentials.kind === 'anonymous') return own;
  const refused = await probe.isRefused(own.baseUrl, '/api/v2/spaces');
  return refused && (await probe.isTaken(gateway.baseUrl, '/api/v2/spaces')) ? gateway : own;
}

/** Tells whether these credentials work through the gateway alone, or are told to go there. */
export function needsGateway(base: BaseUrl, { credentials, cloudId }: SiteSettings): boolean {
  if (credentials.kind === 'oauth') return true;
  if (!base.atlassian || credentials.kind === 'anonymous') return false;
  return cloudId !== null || credentials.kind === 'bearer';
}

function onlyCloud(): WrongConfiguration {
  return new WrongConfiguration(
    'CONFLUENCE_OAUTH_CLIENT_ID signs in to Confluence Cloud alone, and CONFLUENCE_BASE_URL is not known to be Cloud: set CONFLUENCE_CLOUD_ID, or use CONFLUENCE_ACCESS_TOKEN for Data Center',
  );
}

type Probe = ReturnType<typeof createProbe>;

const TenantInfo = z.object({ cloudId: z.string().regex(/^[\w-]{1,64}$/) });
const ServerInformation = z.object({ version: z.string().min(1).max(100) });

/** Asks small questions and remembers how the answers failed, for the message at the end. */
function createProbe(client: Client, signal: AbortSignal) {
  const failed: Exclude<Answer, { kind: 'json' }>[] = [];
  const ask = async (root: string, path: string, anonymous = false) => {
    const query = path.endsWith('space') || path.endsWith('spaces') ? ([['limit', '1']] as const) : [];
    const answer = await client.ask(
      { root, path, query, route: path, what: WHAT, anonymous, tries: PROBE_TRIES },
      signal,
    );
    // Nobody there, or nobody to trust: no other question will be answered either.
    if (answer.kind === 'failing' && answer.code !== 'lost' && !answer.code.startsWith('http_'))
      throw noAnswer(answer.origin);
    if (answer.kind === 'misdirected' && answer.status === null) refuseToGoOn(answer, { what: WHAT });
    if (answer.kind !== 'json') failed.push(answer);
    return answer;
  };
  return {
    cloudId: async (origin: string) => {
      const answer = await ask(origin, '/_edge/tenant_info', true);
      return answer.kind === 'json' ? (TenantInfo.safeParse(answer.value).data?.cloudId ?? null) : null;
    },
    serverVersion: async (root: string) => {
      const answer = await ask(root, '/rest/api/server-information');
      return answer.kind === 'json'
        ? (ServerInformation.safeParse(answer.value).data?.version ?? null)
        : null;
    },
    isList: async (root: string, path: string) => {
      const answer = await ask(root, path);
      return answer.kind === 'json' && parseEnvelope(answer.value) !== null;
    },
    /** The credentials are taken there, be it without the scope that this question needs. */
    isTaken: async (root: string, path: string) => {
      const answer = await ask(root, path);
      return answer.kind === 'json' ? parseEnvelope(answer.value) !== null : lacksScope(answer);
    },
    isRefused: async (root: string, path: string) => (await ask(root, path)).kind === 'signed_out',
    nothingFound: () => nothingFound(failed),
  };
}

const PROBE_TRIES = 4;

function noAnswer(origin: string): ConfluenceUnavailable {
  return new ConfluenceUnavailable(
    `Confluence at ${origin} does not answer: check CONFLUENCE_BASE_URL and the network, the next run tries again`,
  );
}

function nothingFound(failed: readonly Exclude<Answer, { kind: 'json' }>[]): Error {
  const refused = failed.find((answer) => answer.kind === 'signed_out' && answer.status === 401);
  const shutOut = failed.find((answer) => answer.kind === 'refused' && answer.status === 403);
  const login = failed.find((answer) => answer.kind === 'signed_out');
  if (refused !== undefined || shutOut !== undefined || login !== undefined)
    return new CredentialsRefused(
      `${WHAT} failed: ${login?.reason ?? 'Confluence refused every request (HTTP 403)'}; check the user and the token, or set CONFLUENCE_DEPLOYMENT`,
    );
  const failing = failed.find((answer) => answer.kind === 'failing');
  if (failing?.kind === 'failing') return unavailable(failing, { what: WHAT });
  const elsewhere = failed.find((answer) => answer.kind === 'misdirected' && answer.status !== 410);
  const why =
    elsewhere?.kind === 'misdirected' ? elsewhere.reason : 'nothing there answers as Confluence does';
  return new WrongConfiguration(
    `${WHAT} failed: ${why}; check CONFLUENCE_BASE_URL, or set CONFLUENCE_DEPLOYMENT to cloud or datacenter`,
  );
}
