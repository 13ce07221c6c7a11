import { jsonAnswer } from '../http/answer.ts';
import type { Handler, Route } from '../http/site.ts';
import { cloudSearch, cloudContentSearch } from './search.ts';
import { convertIds } from './convert-ids.ts';
import { cloudCurrentUser } from './current-user.ts';
import { getContent } from './get-content.ts';
import { listContent, listSpaceContent } from './list-content.ts';
import { getSpace, listSpaces } from './spaces.ts';
import { getFolder, listAncestors, listDescendants, listDirectChildren } from './tree.ts';

const gone: Handler = () =>
  jsonAnswer(
    {
      statusCode: 410,
      message:
        'com.atlassian.confluence.api.service.exceptions.GoneException: This deprecated endpoint has been removed.',
    },
    410,
  );

/** What Cloud answers below `/wiki`, the v1 paths that were removed included. */
export const cloudRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v2/spaces', handle: listSpaces },
  { method: 'GET', path: '/api/v2/spaces/:id', handle: getSpace },
  { method: 'GET', path: '/api/v2/spaces/:id/pages', handle: listSpaceContent('page') },
  { method: 'GET', path: '/api/v2/spaces/:id/blogposts', handle: listSpaceContent('blogpost') },
  { method: 'GET', path: '/api/v2/pages', handle: listContent('page') },
  { method: 'GET', path: '/api/v2/pages/:id', handle: getContent('page') },
  { method: 'GET', path: '/api/v2/blogposts', handle: listContent('blogpost') },
  { method: 'GET', path: '/api/v2/blogposts/:id', handle: getContent('blogpost') },
  { method: 'GET', path: '/api/v2/pages/:id/ancestors', handle: listAncestors('page') },
  { method: 'GET', path: '/api/v2/pages/:id/direct-children', handle: listDirectChildren('page') },
  { method: 'GET', path: '/api/v2/pages/:id/descendants', handle: listDescendants('page') },
  { method: 'GET', path: '/api/v2/folders/:id', handle: getFolder },
  { method: 'GET', path: '/api/v2/folders/:id/ancestors', handle: listAncestors('folder') },
  { method: 'GET', path: '/api/v2/folders/:id/direct-children', handle: listDirectChildren('folder') },
  { method: 'GET', path: '/api/v2/folders/:id/descendants', handle: listDescendants('folder') },
  { method: 'POST', path: '/api/v2/content/convert-ids-to-types', handle: convertIds },
  { method: 'GET', path: '/rest/api/user/current', handle: cloudCurrentUser },
  { method: 'GET', path: '/rest/api/search', handle: cloudSearch },
  { method: 'GET', path: '/rest/api/content/search', handle: cloudContentSearch },
  { method: 'GET', path: '/rest/api/content', handle: gone },
  { method: 'GET', path: '/rest/api/content/*', handle: gone },
  { method: 'GET', path: '/rest/api/space', handle: gone },
  { method: 'GET', path: '/rest/api/space/*', handle: gone },
];
