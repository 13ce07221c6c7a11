import { WrongSite } from './errors.ts';
import type { Site } from './source.ts';

/**
 * Throws `WrongSite` unless the mirrored site, if there is one yet, is this one. Where both cloud ids are known they decide; a site may
 * change its address, and another may take it.
 */
export function assertSameSite(mirrored: Pick<Site, 'baseUrl' | 'cloudId'> | null, site: Site): void {
  if (mirrored === null) return;
  const areIdsKnown = mirrored.cloudId !== null && site.cloudId !== null;
  if (areIdsKnown ? mirrored.cloudId === site.cloudId : mirrored.baseUrl === site.baseUrl) return;
  throw new WrongSite(
    `the database mirrors ${mirrored.baseUrl}, not ${site.baseUrl}: set DATABASE_URL or DATABASE_SCHEMA to a place of its own for this site`,
  );
}
