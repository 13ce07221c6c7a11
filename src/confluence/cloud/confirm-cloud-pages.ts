import { z } from 'zod';
import type { ContentType } from '../../sync/page.ts';
import type { Presence } from '../../sync/source.ts';
import { inParallel } from '../client/in-parallel.ts';
import { confirmTwice, type Look } from '../confirming/confirm-twice.ts';
import { readPresence } from '../confirming/read-presence.ts';
import { unclearReply } from '../confirming/unclear-reply.ts';
import { slices } from '../fetching/slices.ts';
import { namesId } from '../parse/names-id.ts';
import { parseEnvelope } from '../parse/parse-envelope.ts';
import { readContentId } from '../parse/read-content-id.ts';
import { readStatus } from '../parse/read-status.ts';
import type { SiteApi } from '../site-api.ts';
import { cloudCollection } from './cloud-collection.ts';
import type { SpaceKeys } from './create-space-keys.ts';

const CHUNK = 100;

type Site = Readonly<{ api: SiteApi; keys: SpaceKeys }>;

/** Asks Cloud what became of the ids: in bulk for those it still shows, then one by one. */
export async function confirmCloudPages(
  site: Site,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Presence>> {
  const shown = new Map<string, Presence>();
  for (const type of site.api.settings.contentTypes) {
    const open = slices(
      ids.filter((id) => !shown.has(id)),
      CHUNK,
    );
    const { concurrency } = site.api.settings;
    const found = await inParallel(open, concurrency, signal, (chunk, chunkSignal) =>
      lookInBulk(site, type, chunk, chunkSignal),
    );
    for (const [id, presence] of found.flat()) shown.set(id, presence);
  }
  const rest = ids.filter((id) => !shown.has(id));
  const asked = await confirmTwice(site.api, rest, signal, (id, lookSignal) => lookAt(site, id, lookSignal));
  return new Map([...shown, ...asked]);
}

/** What the bulk answer shows. Whatever goes wrong here only leaves more ids to be asked for alone. */
async function lookInBulk(
  site: Site,
  type: ContentType,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly [string, Presence])[]> {
  const path = `/api/v2/${cloudCollection(type)}`;
  const statuses = type === 'page' ? ['current', 'archived', 'trashed'] : ['current', 'trashed'];
  const query = [
    ['id', ids.join(',')] as const,
    ...statuses.map((status) => ['status', status] as const),
    ['limit', '250'] as const,
  ];
  const what = `asking what became of ${ids.length} pages`;
  const request = { root: site.api.root, path, query, route: path, what };
  const reply = await site.api.client.get(request, signal);
  const envelope = reply.kind === 'json' ? parseEnvelope(reply.value) : null;
  const asked = new Set(ids);
  const found: (readonly [string, Presence])[] = [];
  for (const row of envelope?.results ?? []) {
    const content = readContent(row);
    if (content !== null && asked.has(content.id))
      found.push([content.id, await presenceOf(site, content, signal)]);
  }
  return found.filter(([, presence]) => presence.kind === 'live' || presence.kind === 'trashed');
}

async function lookAt(site: Site, id: string, signal: AbortSignal): Promise<Look> {
  for (const type of site.api.settings.contentTypes) {
    const look = await lookAs(site, type, id, signal);
    if (look.kind !== 'missing') return look;
  }
  return { kind: 'missing' };
}

async function lookAs(site: Site, type: ContentType, id: string, signal: AbortSignal): Promise<Look> {
  const route = `/api/v2/${cloudCollection(type)}/`;
  const request = {
    root: site.api.root,
    path: `${route}${id}`,
    query: [],
    route: `${route}{id}`,
    what: `asking what became of page ${id}`,
  };
  const reply = await site.api.client.get(request, signal);
  if (reply.kind === 'json') {
    const content = readContent(reply.value);
    if (content?.id === id) return await presenceOf(site, content, signal);
    return { kind: 'unclear', reason: 'Confluence answered with something else than this page' };
  }
  if (reply.kind === 'refused' && reply.status === 404) {
    if (namesId(reply.value, id)) return { kind: 'missing' };
    await site.api.assertSignedIn(signal);
  }
  return await unclearReply(site.api, reply, request, signal);
}

const Content = z.object({
  id: z.unknown().optional(),
  status: z.unknown().optional(),
  spaceId: z.unknown().optional(),
  parentId: z.unknown().optional(),
});

type ContentState = Readonly<{
  id: string;
  status: string | null;
  spaceId: string | null;
  parentId: string | null;
}>;

function readContent(row: unknown): ContentState | null {
  const content = Content.safeParse(row).data;
  const id = readContentId(content?.id);
  if (content === undefined || id === null) return null;
  const [spaceId, parentId] = [readContentId(content.spaceId), readContentId(content.parentId)];
  return { id, status: readStatus(content.status), spaceId, parentId };
}

async function presenceOf({ keys }: Site, content: ContentState, signal: AbortSignal): Promise<Presence> {
  const { status, spaceId, parentId } = content;
  if (spaceId !== null) await keys.lookUp([spaceId], signal);
  return readPresence(status, spaceId === null ? null : keys.known(spaceId), { parentId });
}
