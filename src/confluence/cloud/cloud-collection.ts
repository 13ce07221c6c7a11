import type { ContentType } from '../../sync/page.ts';
import type { Query } from '../client/api-request.ts';

/** The name of a content type's collection in Cloud's paths. */
export function cloudCollection(type: ContentType): 'pages' | 'blogposts' {
  return type === 'page' ? 'pages' : 'blogposts';
}

/** Parameters that ask for live content. Blog posts know no `archived`: asking for it is an error there. */
export function liveStatuses(type: ContentType, archived: 'include' | 'exclude'): Query {
  const both = type === 'page' && archived === 'include';
  return both
    ? [
        ['status', 'current'],
        ['status', 'archived'],
      ]
    : [['status', 'current']];
}
