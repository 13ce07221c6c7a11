import type { Presence } from '../../sync/source.ts';
import type { Reply } from '../client/answer.ts';
import type { ApiRequest } from '../client/api-request.ts';
import { unavailable } from '../client/refuse-to-go-on.ts';
import type { SiteApi } from '../site-api.ts';

/** An answer that proves nothing about an id. Throws `ConfluenceUnavailable` where Confluence as a whole is gone. */
export async function unclearReply(
  api: SiteApi,
  reply: Exclude<Reply, { kind: 'json' }>,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<Extract<Presence, { kind: 'unclear' }>> {
  if (reply.kind === 'failing' && !(await api.isUp(signal))) throw unavailable(reply, request);
  return { kind: 'unclear', reason: reasonOf(reply) };
}

function reasonOf(reply: Exclude<Reply, { kind: 'json' }>): string {
  if (reply.kind !== 'refused') return `Confluence gave no readable answer (${reply.code})`;
  if (reply.status === 404) return 'Confluence answered HTTP 404 without a word on this page';
  return `Confluence answered HTTP ${reply.status}`;
}
