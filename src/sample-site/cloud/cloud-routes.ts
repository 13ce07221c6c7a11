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

const SPACE = 'read:space:confluence';
const PAGE = 'read:page:confluence';
const METADATA = 'read:content.metadata:confluence';
const TREE = 'read:hierarchical-content:confluence';
const FOLDER = 'read:folder:confluence';
const DETAILS = 'read:content-details:confluence';
const SEARCH = 'search:confluence';

/** What Cloud answers below `/wiki`, the v1 paths that were removed included. */
export const cloudRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v2/spaces', handle: listSpaces, scope: SPACE },
  { method: 'GET', path: '/api/v2/spaces/:id', handle: getSpace, scope: SPACE },
  { method: 'GET', path: '/api/v2/spaces/:id/pages', handle: listSpaceContent('page'), scope: PAGE },
  { method: 'GET', path: '/api/v2/spaces/:id/blogposts', handle: listSpaceContent('blogpost'), scope: PAGE },
  { method: 'GET', path: '/api/v2/pages', handle: listContent('page'), scope: PAGE },
  { method: 'GET', path: '/api/v2/pages/:id', handle: getContent('page'), scope: PAGE },
  { method: 'GET', path: '/api/v2/blogposts', handle: listContent('blogpost'), scope: PAGE },
  { method: 'GET', path: '/api/v2/blogposts/:id', handle: getContent('blogpost'), scope: PAGE },
  { method: 'GET', path: '/api/v2/pages/:id/ancestors', handle: listAncestors('page'), scope: METADATA },
  {
    method: 'GET',
    path: '/api/v2/pages/:id/direct-children',
    handle: listDirectChildren('page'),
    scope: TREE,
  },
  { method: 'GET', path: '/api/v2/pages/:id/descendants', handle: listDescendants('page'), scope: TREE },
  { method: 'GET', path: '/api/v2/folders/:id', handle: getFolder, scope: FOLDER },
  { method: 'GET', path: '/api/v2/folders/:id/ancestors', handle: listAncestors('folder'), scope: METADATA },
  {
    method: 'GET',
    path: '/api/v2/folders/:id/direct-children',
    handle: listDirectChildren('folder'),
    scope: TREE,
  },
  { method: 'GET', path: '/api/v2/folders/:id/descendants', handle: listDescendants('folder'), scope: TREE },
  { method: 'POST', path: '/api/v2/content/convert-ids-to-types', handle: convertIds, scope: METADATA },
  { method: 'GET', path: '/rest/api/user/current', handle: cloudCurrentUser, scope: DETAILS },
  { method: 'GET', path: '/rest/api/search', handle: cloudSearch, scope: SEARCH },
  { method: 'GET', path: '/rest/api/content/search', handle: cloudContentSearch, scope: SEARCH },
  { method: 'GET', path: '/rest/api/content', handle: gone },
  { method: 'GET', path: '/rest/api/content/*', handle: gone },
  { method: 'GET', path: '/rest/api/space', handle: gone },
  { method: 'GET', path: '/rest/api/space/*', handle: gone },
];
