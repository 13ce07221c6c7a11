import { z } from 'zod';
import type { ContentType } from '../../sync/page.ts';
import type { Presence } from '../../sync/source.ts';
import { confirmTwice, type Look } from '../confirming/confirm-twice.ts';
import { readPresence } from '../confirming/read-presence.ts';
import { unclearReply } from '../confirming/unclear-reply.ts';
import { namesId } from '../parse/names-id.ts';
import { part } from '../parse/part.ts';
import { readAncestors } from '../parse/read-ancestors.ts';
import { readContentId } from '../parse/read-content-id.ts';
import { readStatus } from '../parse/read-status.ts';
import type { SiteApi } from '../site-api.ts';

/** Asks Data Center what became of the ids, one by one: as they are, then in the trash and the archive. */
export function confirmDataCenterPages(
  api: SiteApi,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Presence>> {
  return confirmTwice(api, ids, signal, (id, lookSignal) => lookAt(api, id, lookSignal));
}

/** By default only current content is shown; whether archived content is has changed between versions. */
const LOOKS = [null, 'trashed', 'archived'] as const;

/** Kinds of content that may be mirrored. */
const TYPES: readonly ContentType[] = ['page', 'blogpost'];

/** Statuses by which a server says that it does not know a status of content. */
const NO_SUCH_STATUS = [400, 501];

async function lookAt(api: SiteApi, id: string, signal: AbortSignal): Promise<Look> {
  for (const status of LOOKS) {
    const look = await lookFor(api, id, status, signal);
    if (look.kind !== 'missing') return look;
  }
  return { kind: 'missing' };
}

async function lookFor(api: SiteApi, id: string, status: string | null, signal: AbortSignal): Promise<Look> {
  const request = {
    root: api.root,
    path: `/rest/api/content/${id}`,
    query: [
      ...(status === null ? [] : [['status', status] as const]),
      ['expand', 'space,ancestors'] as const,
    ],
    route: '/rest/api/content/{id}',
    what: `asking what became of page ${id}`,
  };
  const reply = await api.client.get(request, signal);
  if (reply.kind === 'json') return readContent(reply.value, id, api.settings.contentTypes);
  if (reply.kind === 'refused' && reply.status === 404 && namesId(reply.value, id))
    return { kind: 'missing' };
  // A server that does not know the status has still answered the plain question.
  if (reply.kind === 'refused' && NO_SUCH_STATUS.includes(reply.status) && status !== null)
    return { kind: 'missing' };
  return await unclearReply(api, reply, request, signal);
}

const Content = z.object({
  id: z.unknown().optional(),
  type: z.unknown().optional(),
  status: z.unknown().optional(),
  space: part({ key: z.string() }),
  ancestors: z.unknown().optional(),
});

function readContent(value: unknown, id: string, wanted: readonly ContentType[]): Look {
  const content = Content.safeParse(value).data;
  if (content === undefined || readContentId(content.id) !== id)
    return { kind: 'unclear', reason: 'Confluence answered with something else than this page' };
  // What became content of another kind is no longer there as what it was.
  if (TYPES.some((type) => type === content.type && !wanted.includes(type))) return { kind: 'missing' };
  return readPresence(
    readStatus(content.status),
    content.space?.key ?? null,
    readAncestors(content.ancestors),
  );
}
