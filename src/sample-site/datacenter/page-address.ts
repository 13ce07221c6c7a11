import type { Content, SiteSpace } from '../content.ts';
import { encodeSlug } from '../encode-slug.ts';

/** A page's address as Data Center tells it: by title where the title allows, else by id. */
export function datacenterAddress(content: Content, space: SiteSpace): string {
  if (content.type === 'page' && /^[\w -]{1,200}$/.test(content.title) && !content.title.startsWith(' ')) {
    return `/display/${space.key}/${encodeSlug(content.title)}`;
  }
  return `/pages/viewpage.action?pageId=${content.id}`;
}
