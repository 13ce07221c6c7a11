import type { SiteSpace } from '../content.ts';
import type { Dialect } from './dialect.ts';

/** A space in the shape of the v1 API: its id is a number. */
export function v1Space(space: SiteSpace, dialect: Dialect): Record<string, unknown> {
  const homepage = space.homepageId === null ? {} : { homepage: `/rest/api/content/${space.homepageId}` };
  return {
    id: Number(space.id),
    key: space.key,
    name: space.name,
    type: space.type,
    status: space.status,
    _links: { webui: `/display/${space.key}`, self: `${dialect.base}/rest/api/space/${space.key}` },
    _expandable: { metadata: '', icon: '', description: '', ...homepage },
  };
}
