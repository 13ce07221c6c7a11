import type { Standing } from '../../sync/page.ts';
import type { Presence } from '../../sync/source.ts';
import { isLive } from '../parse/read-status.ts';

/** What a status says of content that Confluence still knows. */
export function readPresence(
  status: string | null,
  spaceKey: string | null,
  place: Omit<Standing, 'id'>,
): Presence {
  if (isLive(status)) return { kind: 'live', spaceKey, status, ...place };
  if (status === 'trashed') return { kind: 'trashed' };
  if (status === 'deleted') return { kind: 'gone' };
  return { kind: 'unclear', reason: `Confluence gives it the status ${status ?? 'none'}` };
}
