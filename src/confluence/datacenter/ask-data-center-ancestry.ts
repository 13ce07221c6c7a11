import { z } from 'zod';
import type { Standing } from '../../sync/page.ts';
import type { Ancestry } from '../../sync/source.ts';
import { inParallel } from '../client/in-parallel.ts';
import { unclearReply } from '../confirming/unclear-reply.ts';
import { readAncestors } from '../parse/read-ancestors.ts';
import { readContentId } from '../parse/read-content-id.ts';
import type { SiteApi } from '../site-api.ts';

const Content = z.object({ id: z.unknown().optional(), ancestors: z.unknown().optional() });

/** Asks Data Center what is above pages, one by one: lists tell it with each row, so this is for rows that did not. */
export async function askDataCenterAncestry(
  api: SiteApi,
  pages: readonly Standing[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Ancestry>> {
  const answers = await inParallel(pages, api.settings.concurrency, signal, async ({ id }, askSignal) => {
    return [id, await askForAncestors(api, id, askSignal)] as const;
  });
  return new Map(answers);
}

async function askForAncestors(api: SiteApi, id: string, signal: AbortSignal): Promise<Ancestry> {
  const request = {
    root: api.root,
    path: `/rest/api/content/${id}`,
    query: [['expand', 'ancestors']] as const,
    route: '/rest/api/content/{id}',
    what: `asking what is above page ${id}`,
  };
  const reply = await api.client.get(request, signal);
  if (reply.kind !== 'json') return await unclearReply(api, reply, request, signal);
  const content = Content.safeParse(reply.value).data;
  const { ancestorIds } = readAncestors(content?.ancestors);
  if (readContentId(content?.id) !== id || ancestorIds === null || ancestorIds === undefined)
    return { kind: 'unclear', reason: 'Confluence gave no readable list of its ancestors' };
  return { kind: 'chain', ancestorIds };
}
