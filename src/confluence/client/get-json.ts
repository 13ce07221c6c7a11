import { ConfluenceUnavailable } from '../../sync/errors.ts';
import type { Reply } from './answer.ts';
import type { ApiRequest } from './api-request.ts';
import type { Client } from './create-client.ts';
import { unavailable } from './refuse-to-go-on.ts';

/** Asks for a small answer that the run cannot do without; what kept failing or cannot be read is unavailability. */
export async function getJson(
  client: Client,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<Extract<Reply, { kind: 'json' | 'refused' }>> {
  const reply = await client.get(request, signal);
  if (reply.kind === 'failing') throw unavailable(reply, request);
  if (reply.kind === 'unreadable')
    throw new ConfluenceUnavailable(
      `${request.what} failed: the answers cannot be read (${reply.code}), the next run goes on from here`,
    );
  return reply;
}
