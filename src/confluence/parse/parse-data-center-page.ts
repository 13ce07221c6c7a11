import { z } from 'zod';
import type { ContentType } from '../../sync/page.ts';
import { pageUrl } from './page-url.ts';
import type { ParsedRow } from './parsed-row.ts';
import { part } from './part.ts';
import { readAncestors } from './read-ancestors.ts';
import { readContentId } from './read-content-id.ts';
import { readHead } from './read-head.ts';
import { isKnownElsewhere, readStatus } from './read-status.ts';

/** What a Data Center row does not say by itself. */
export type DataCenterContext = Readonly<{
  /** Own root, without a slash at the end: the server's `_links.base` is often another host's. */
  base: string;
  contentTypes: readonly ContentType[];
  /** The space that was listed, for rows that do not name theirs; null where none was. */
  spaceKey: string | null;
  lossy: boolean;
}>;

const Row = z.object({
  id: z.unknown().optional(),
  type: z.unknown().optional(),
  status: z.unknown().optional(),
  title: z.unknown().optional(),
  space: part({ key: z.unknown().optional() }),
  version: part({ number: z.unknown().optional(), when: z.unknown().optional() }),
  ancestors: z.unknown().optional(),
  body: part({ storage: part({ value: z.unknown().optional() }) }),
  _links: part({ webui: z.unknown().optional() }),
});

/** Reads content of Data Center's REST API, expanded by version, space, ancestors and maybe `body.storage`. */
export function parseDataCenterPage(row: unknown, context: DataCenterContext): ParsedRow {
  const parsed = Row.safeParse(row);
  const id = parsed.success ? readContentId(parsed.data.id) : null;
  if (!parsed.success || id === null) return { kind: 'unusable', reason: 'a row has no usable id' };
  const { title, space, version, ancestors, body, _links: links } = parsed.data;
  const status = readStatus(parsed.data.status);
  const type = context.contentTypes.find((wanted) => wanted === parsed.data.type);
  if (isKnownElsewhere(status) || type === undefined) return { kind: 'other', id, status };
  return readHead({
    id,
    type,
    title,
    spaceKey: typeof space?.key === 'string' && space.key !== '' ? space.key : context.spaceKey,
    status,
    version: version?.number,
    date: version?.when,
    ...readAncestors(ancestors),
    url: pageUrl(context.base, links?.webui, id),
    storage: body?.storage?.value,
    lossy: context.lossy,
  });
}
