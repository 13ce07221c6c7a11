import type { Site } from '../sync/source.ts';
import { cloudRoot, dataCenterRoot, gatewayRoot } from './api-roots.ts';
import { needsGateway, type SiteSettings } from './detect-site.ts';
import type { BaseUrl } from './normalise-base-url.ts';

/**
 * Tells whether a site that an earlier run found is surely the one that the settings mean, so that nothing need be asked. A
 * gateway address fits only where the settings themselves name its cloud id.
 */
export function fitsAddress(site: Site, base: BaseUrl, settings: SiteSettings): boolean {
  const told = settings.deployment === 'auto' ? base.deployment : settings.deployment;
  if (told !== 'unknown' && told !== site.deployment) return false;
  if (settings.cloudId !== null && settings.cloudId !== site.cloudId) return false;
  if (site.deployment === 'datacenter')
    return settings.credentials.kind !== 'oauth' && site.baseUrl === dataCenterRoot(base);
  if (base.gatewayCloudId === null && needsGateway(base, settings))
    return settings.cloudId !== null && site.baseUrl === gatewayRoot(base, settings.cloudId);
  return site.baseUrl === cloudRoot(base);
}
