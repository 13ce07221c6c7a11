import type { Content } from '../content.ts';
import type { Served } from '../poison/served.ts';
import { servedPage } from '../served-page.ts';
import { ancestorsOf } from '../state/ancestors-of.ts';
import { spaceOf, type Library } from '../state/library.ts';
import { tinyLink } from '../tiny-link.ts';
import type { Dialect } from './dialect.ts';
import { expands } from './read-expand.ts';
import { v1Space } from './space-json.ts';
import { v1User } from './user-json.ts';

/** A page or blog post in the shape of the v1 API, with the parts that `expand` names. */
export function v1Content(
  library: Library,
  content: Content,
  expand: ReadonlySet<string>,
  dialect: Dialect,
): Record<string, unknown> {
  const withBody = expand.has('body.storage');
  const served = servedPage(library, content, withBody);
  const space = spaceOf(library, content);
  const parts: Record<string, unknown> = {
    space: v1Space(space, dialect),
    history: historyJson(content, served, expand, dialect),
    version: versionJson(content, served, dialect),
    ancestors: ancestorsOf(library, content).map((one) => stub(one, library, dialect)),
    'metadata.labels': {
      labels: { results: [], start: 0, limit: 200, size: 0, _links: {} },
      _expandable: {},
    },
    body: withBody ? bodyJson(content, served) : undefined,
  };
  const shown = Object.keys(parts).filter((part) => expands(expand, part));
  return {
    id: served.id,
    type: content.type,
    status: served.status,
    title: served.title,
    ...Object.fromEntries(shown.map((part) => [part.split('.')[0] ?? part, parts[part]])),
    extensions: { position: 'none' },
    _links: linksOf(content, library, dialect),
    _expandable: expandableOf(content, space.key, shown),
    ...served.extra,
  };
}

function stub(content: Content, library: Library, dialect: Dialect): Record<string, unknown> {
  const space = spaceOf(library, content);
  return {
    id: content.id,
    type: content.type,
    status: content.status,
    title: content.title,
    extensions: { position: 'none' },
    _links: linksOf(content, library, dialect),
    _expandable: expandableOf(content, space.key, []),
  };
}

function historyJson(
  content: Content,
  served: Served,
  expand: ReadonlySet<string>,
  dialect: Dialect,
): unknown {
  const within = expand.has('history.lastUpdated')
    ? { lastUpdated: versionJson(content, served, dialect) }
    : {};
  return {
    latest: true,
    createdBy: v1User(dialect),
    createdDate: dialect.date(content.createdAt),
    ...within,
    _links: { self: `${dialect.base}/rest/api/content/${content.id}/history` },
    _expandable: { lastUpdated: '', previousVersion: '', contributors: '', nextVersion: '' },
  };
}

function versionJson(content: Content, served: Served, dialect: Dialect): unknown {
  const { version } = served;
  if (!version) return version;
  return {
    by: v1User(dialect),
    when: typeof version.when === 'number' ? dialect.date(version.when) : version.when,
    message: '',
    number: version.number,
    minorEdit: false,
    hidden: false,
    _links: { self: `${dialect.base}/rest/experimental/content/${content.id}/version/${content.version}` },
    _expandable: { content: `/rest/api/content/${content.id}` },
  };
}

function bodyJson(content: Content, served: Served): unknown {
  const _expandable = { editor: '', view: '', export_view: '', styled_view: '', anonymous_export_view: '' };
  if (served.storage === undefined) return { _expandable: { ..._expandable, storage: '' } };
  const self = { content: `/rest/api/content/${content.id}` };
  return { storage: { value: served.storage, representation: 'storage', _expandable: self }, _expandable };
}

function linksOf(content: Content, library: Library, dialect: Dialect): Record<string, string> {
  return {
    webui: dialect.webui(content, spaceOf(library, content)),
    edit: `/pages/resumedraft.action?draftId=${content.id}`,
    tinyui: tinyLink(content.id),
    self: `${dialect.base}/rest/api/content/${content.id}`,
  };
}

function expandableOf(content: Content, spaceKey: string, shown: readonly string[]): Record<string, string> {
  const self = `/rest/api/content/${content.id}`;
  const all = {
    container: `/rest/api/space/${spaceKey}`,
    metadata: '',
    operations: '',
    children: `${self}/child`,
    restrictions: `${self}/restriction/byOperation`,
    history: `${self}/history`,
    ancestors: '',
    body: '',
    version: '',
    descendants: `${self}/descendant`,
    space: `/rest/api/space/${spaceKey}`,
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !shown.includes(name)));
}
