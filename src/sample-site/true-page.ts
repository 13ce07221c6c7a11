import { cloudAddress } from './cloud/page-address.ts';
import type { Content } from './content.ts';
import { datacenterAddress } from './datacenter/page-address.ts';
import type { Site } from './http/site.ts';
import type { TruePage } from './sample-site.ts';
import { bodyOf } from './state/body-of.ts';
import { spaceOf } from './state/library.ts';

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
    parentId: content.parentId,
    status: content.status === 'archived' ? 'archived' : 'current',
    type: content.type,
    storage: bodyOf(site.library, content),
    url: `${site.base()}${address(content, space)}`,
    poison: content.poison?.kind ?? null,
  };
}
