import type { ContentType } from '../../sync/page.ts';
import type { Content, SiteSpace } from '../content.ts';
import type { Collection } from './collection.ts';
import type { Folders } from './create-folders.ts';

/** Everything the site holds. */
export type Library = Readonly<{
  spaces: readonly SiteSpace[];
  collections: Readonly<Record<ContentType, Collection>>;
  folders: Folders;
}>;

/** The page or blog post of an id, in whatever state it is; null where there is none. */
export function findContent(library: Library, id: string): Content | null {
  // Ids are decimal numbers of up to 19 digits; anything else is the id of nothing.
  if (!/^[1-9]\d{0,18}$/.test(id)) return null;
  return library.collections.page.get(id) ?? library.collections.blogpost.get(id);
}

/** The space a page lies in. */
export function spaceOf(library: Library, content: Content): SiteSpace {
  const space = library.spaces[content.spaceIndex];
  if (space === undefined) throw new RangeError(`page ${content.id} lies in no space`);
  return space;
}
