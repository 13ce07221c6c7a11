import type { Content } from '../content.ts';
import type { Site } from '../http/site.ts';
import type { Served } from '../poison/served.ts';
import { servedPage } from '../served-page.ts';
import { spaceOf } from '../state/library.ts';
import { tinyLink } from '../tiny-link.ts';
import { cloudAddress } from './page-address.ts';

/** Which parts of a page an answer shows. */
export type CloudParts = Readonly<{
  body: 'storage' | 'atlas_doc_format' | 'other' | null;
  version: boolean;
}>;

/** A page or blog post in the shape of the v2 API. */
export function cloudContent(site: Site, content: Content, parts: CloudParts): Record<string, unknown> {
  const served = servedPage(site.library, content, parts.body !== null);
  const space = spaceOf(site.library, content);
  const author = authorOf(content);
  return {
    ...(content.type === 'page' && { parentType: content.parentType, parentId: content.parentId }),
    createdAt: new Date(content.createdAt).toISOString(),
    ...(content.type === 'page' && { ownerId: author, lastOwnerId: null }),
    authorId: author,
    ...(content.type === 'page' && { position: content.status === 'trashed' ? null : positionOf(content) }),
    ...(parts.version && { version: versionJson(served, author) }),
    spaceId: space.id,
    status: served.status,
    body: bodyJson(served, parts),
    title: served.title,
    id: served.id,
    _links: linksOf(content, cloudAddress(content, space), space.key),
    ...served.extra,
  };
}

function versionJson(served: Served, authorId: string): unknown {
  const { version } = served;
  if (!version) return version;
  const createdAt = typeof version.when === 'number' ? new Date(version.when).toISOString() : version.when;
  return { number: version.number, message: '', minorEdit: false, authorId, createdAt, ncsStepVersion: null };
}

function bodyJson(served: Served, parts: CloudParts): unknown {
  if (parts.body === null || served.storage === undefined) return {};
  if (parts.body === 'atlas_doc_format') {
    const value = JSON.stringify({ type: 'doc', content: [], version: 1 });
    return { atlas_doc_format: { representation: 'atlas_doc_format', value } };
  }
  return { storage: { representation: 'storage', value: served.storage } };
}

function linksOf(content: Content, webui: string, spaceKey: string): Record<string, string> {
  return {
    editui: `/pages/resumedraft.action?draftId=${content.id}`,
    webui,
    edituiv2: `/spaces/${spaceKey}/pages/edit-v2/${content.id}`,
    tinyui: tinyLink(content.id),
  };
}

function authorOf(content: Content): string {
  return `712020:7bf45758-6986-4e0e-aefc-a3000196d8d${Number(content.id.at(-1)) % 10}`;
}

/** Where a page stands among its siblings. */
export function positionOf(content: Pick<Content, 'id'>): number {
  return Number(content.id.slice(-6)) + 100;
}
