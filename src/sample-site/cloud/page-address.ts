import type { Content, SiteSpace } from '../content.ts';
import { encodeSlug } from '../encode-slug.ts';

const LONGEST_SLUG = 255;

/** A page's address as Cloud tells it: relative to the site's base, without `/wiki`. */
export function cloudAddress(content: Content, space: SiteSpace): string {
  if (space.homepageId === content.id) return `/spaces/${space.key}/overview`;
  const slug = encodeSlug(content.title.slice(0, LONGEST_SLUG));
  if (content.type === 'page') return `/spaces/${space.key}/pages/${content.id}/${slug}`;
  const day = new Date(content.createdAt).toISOString().slice(0, 10).replaceAll('-', '/');
  return `/spaces/${space.key}/blog/${day}/${content.id}/${slug}`;
}
