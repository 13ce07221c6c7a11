import { z } from 'zod';
import type { ContentType } from '../../sync/page.ts';
import { linkBase, pageUrl } from './page-url.ts';
import type { ParsedRow } from './parsed-row.ts';
import { part } from './part.ts';
import { readContentId } from './read-content-id.ts';
import { readHead } from './read-head.ts';
import { isKnownElsewhere, readStatus } from './read-status.ts';

/** What a Cloud row does not say by itself. */
export type CloudContext = Readonly<{
  type: ContentType;
  /** Base of the pages' addresses where the row itself names none. */
  base: string;
  /** The key of a space by its id; asked with null where the row names no space. */
  spaceKeyOf: (spaceId: string | null) => string | null;
  lossy: boolean;
}>;

const Row = z.object({
  id: z.unknown().optional(),
  status: z.unknown().optional(),
  title: z.unknown().optional(),
  spaceId: z.unknown().optional(),
  parentId: z.unknown().optional(),
  version: part({ number: z.unknown().optional(), createdAt: z.unknown().optional() }),
  body: part({ storage: part({ value: z.unknown().optional() }) }),
  _links: part({ webui: z.unknown().optional(), base: z.unknown().optional() }),
});

/** Reads a page or blog post of Cloud's REST API v2. Unknown keys pass, nothing of the row's own object is kept. */
export function parseCloudPage(row: unknown, context: CloudContext): ParsedRow {
  const parsed = Row.safeParse(row);
  const id = parsed.success ? readContentId(parsed.data.id) : null;
  if (!parsed.success || id === null) return { kind: 'unusable', reason: 'a row has no usable id' };
  const { title, spaceId, parentId, version, body, _links: links } = parsed.data;
  const status = readStatus(parsed.data.status);
  if (isKnownElsewhere(status)) return { kind: 'other', id, status };
  return readHead({
    id,
    type: context.type,
    title,
    spaceKey: context.spaceKeyOf(readContentId(spaceId)),
    status,
    version: version?.number,
    date: version?.createdAt,
    parentId: readContentId(parentId),
    url: pageUrl(linkBase(links?.base, context.base), links?.webui, id),
    storage: body?.storage?.value,
    lossy: context.lossy,
  });
}

/** The id of the space a Cloud row says it is in. */
export function spaceIdOf(row: unknown): string | null {
  const parsed = Row.safeParse(row);
  return parsed.success ? readContentId(parsed.data.spaceId) : null;
}
