import type { Model, ModelPage } from './model.ts';

/** A page's address behind the site's base: by title, as Confluence makes it, so that a new title is a new address. */
export function pageAddress(model: Model, page: ModelPage): string {
  const slug = encodeURIComponent(page.title).replaceAll('%20', '+');
  if (model.habits.deployment === 'datacenter') return `/display/${page.spaceKey}/${slug}`;
  const collection = page.type === 'page' ? 'pages' : 'blog';
  return `/spaces/${page.spaceKey}/${collection}/${page.id}/${slug}`;
}
