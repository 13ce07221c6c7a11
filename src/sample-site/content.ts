import type { ContentType } from '../sync/page.ts';
import type { Poison } from './poison/poison.ts';

/** The states a page of the site can be in; a purged page is not there at all. */
export type ContentStatus = 'current' | 'archived' | 'trashed';

/** Where a body's text comes from before comments and volatile markup are laid over it. */
export type BodyText =
  Readonly<{ kind: 'given'; storage: string }> | Readonly<{ kind: 'base'; index: number; revision: number }>;

/** How a body is made when it is served: kept instead of the text, so that edits cost little memory. */
export type Body = Readonly<{ text: BodyText; comments: number; markup: number }>;

/** A page or blog post of the site. Times are milliseconds since 1970 in UTC. */
export type Content = Readonly<{
  id: string;
  type: ContentType;
  spaceIndex: number;
  title: string;
  status: ContentStatus;
  parentId: string | null;
  parentType: 'page' | 'folder' | null;
  version: number;
  createdAt: number;
  updatedAt: number;
  body: Body;
  poison: Poison | null;
}>;

/** A folder of the site: it holds pages and folders, and stands in no listing. */
export type SiteFolder = Readonly<{
  id: string;
  spaceIndex: number;
  title: string;
  parentId: string | null;
  parentType: 'page' | 'folder' | null;
}>;

/** A space of the site; `index` is its place in the list of spaces. */
export type SiteSpace = Readonly<{
  index: number;
  id: string;
  key: string;
  name: string;
  type: 'global' | 'personal';
  status: 'current' | 'archived';
  homepageId: string | null;
  createdAt: number;
}>;
