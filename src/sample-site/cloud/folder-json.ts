import type { SiteFolder } from '../content.ts';
import type { Site } from '../http/site.ts';
import { positionOf } from './content-json.ts';

const AUTHOR = '712020:7bf45758-6986-4e0e-aefc-a3000196d8d2';
const CREATED_AT = '2022-03-19T14:23:47.640Z';

/** A folder in the shape of the v2 API. */
export function folderJson(site: Site, folder: SiteFolder): Record<string, unknown> {
  const space = site.library.spaces[folder.spaceIndex];
  return {
    id: folder.id,
    type: 'folder',
    status: 'current',
    title: folder.title,
    parentId: folder.parentId,
    parentType: folder.parentType,
    position: positionOf(folder),
    authorId: AUTHOR,
    ownerId: AUTHOR,
    createdAt: CREATED_AT,
    version: { number: 1, message: '', minorEdit: false, authorId: AUTHOR, createdAt: CREATED_AT },
    spaceId: space?.id ?? null,
    _links: { webui: `/spaces/${space?.key ?? ''}/folder/${folder.id}` },
  };
}
