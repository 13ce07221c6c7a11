import { cloudAddress } from './cloud/page-address.ts';
import type { Content } from './content.ts';
import { datacenterAddress } from './datacenter/page-address.ts';
import type { Site } from './http/site.ts';
import type { TruePage } from './sample-site.ts';
import { bodyOf } from './state/body-of.ts';
import { spaceOf } from './state/library.ts';
import { livingParentOf } from './state/living-parent-of.ts';

/** A page as it is, whatever the API says about it. */
export function truePage(site: Site, content: Content): TruePage {
  const space = spaceOf(site.library, content);
  const address = site.options.deployment === 'cloud' ? cloudAddress : datacenterAddress;
  return {
    id: content.id,
    title: content.title,
    spaceKey: space.key,
    version: content.version,
    lastUpdated: new Date(content.updatedAt),
    parentId: parentIdOf(site, content),
    status: content.status === 'archived' ? 'archived' : 'current',
    type: content.type,
    // Made at the look: whoever compares heads only does not pay for a million bodies.
    get storage() {
      return bodyOf(site.library, content);
    },
    url: `${site.base()}${address(content, space)}`,
    poison: content.poison?.kind ?? null,
  };
}

/** Cloud goes on naming a parent that is gone; Data Center names ancestors, and those end above it. */
function parentIdOf(site: Site, content: Content): string | null {
  if (site.options.deployment === 'cloud') return content.parentId;
  return livingParentOf(site.library, content)?.id ?? null;
}
