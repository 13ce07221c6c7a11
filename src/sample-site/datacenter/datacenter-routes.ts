import type { Handler, Route } from '../http/site.ts';
import { datacenterCurrentUser } from './current-user.ts';
import { getContent } from './get-content.ts';
import { listContent } from './list-content.ts';
import { scanContent } from './scan-content.ts';
import { searchContent, searchSite } from './search-content.ts';
import { serverInformation } from './server-information.ts';
import { getSpace, listSpaces } from './spaces.ts';

const listOfSpace: Handler = (site, call) => {
  const query = new URLSearchParams(call.query);
  query.set('spaceKey', call.param('key'));
  return listContent(site, { ...call, query });
};

/** What Data Center answers below its context path. */
export const datacenterRoutes: readonly Route[] = [
  { method: 'GET', path: '/rest/api/content', handle: listContent },
  { method: 'GET', path: '/rest/api/content/scan', handle: scanContent },
  { method: 'GET', path: '/rest/api/content/search', handle: searchContent },
  { method: 'GET', path: '/rest/api/content/:id', handle: getContent },
  { method: 'GET', path: '/rest/api/search', handle: searchSite },
  { method: 'GET', path: '/rest/api/space', handle: listSpaces },
  { method: 'GET', path: '/rest/api/space/:key', handle: getSpace },
  { method: 'GET', path: '/rest/api/space/:key/content/page', handle: listOfSpace },
  { method: 'GET', path: '/rest/api/user/current', handle: datacenterCurrentUser },
  { method: 'GET', path: '/rest/api/server-information', handle: serverInformation },
];
