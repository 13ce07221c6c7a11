import type { ListingEvent } from '../../sync/source.ts';
import type { ListingParts } from './list-in-order.ts';
import type { WalkEvent } from './walk.ts';

/** What ending a listing needs. */
export type EndParts = Pick<ListingParts, 'what' | 'onRefused'>;

/** The last event of a walk. */
export type WalkEnd = Exclude<WalkEvent, { kind: 'rows' | 'hole' }>;

/** Why a walk that was whole is no whole listing; `single` where only rows here and there are the reason. */
export type Flaw = Readonly<{ reason: string; single: boolean }>;

/** The last event of a listing for the last event of its walk. */
export async function listingEnd(event: WalkEnd, flaw: Flaw | null, parts: EndParts): Promise<ListingEvent> {
  switch (event.kind) {
    case 'end':
      return flaw === null ? { kind: 'end', complete: true } : incomplete(parts, flaw.reason, flaw.single);
    case 'broken':
      return incomplete(parts, event.reason);
    case 'blocked':
      return incomplete(parts, event.error.message);
    case 'refused':
      await parts.onRefused(event.status);
      return incomplete(parts, refusal(event));
  }
}

/** Why a refused list is no whole one. */
export function refusal({ status, started }: Extract<WalkEvent, { kind: 'refused' }>): string {
  if (started && status === 400) return 'Confluence did not take its own cursor back (HTTP 400)';
  return `Confluence refused it (HTTP ${status}); the space may not be seen any more`;
}

/** The end of a listing that broke off; with `readOn`, of one that lacks single rows. */
export function incomplete(parts: Pick<EndParts, 'what'>, reason: string, readOn = false): ListingEvent {
  return readOn
    ? { kind: 'end', complete: false, reason: `${parts.what} left rows out: ${reason}`, readOn }
    : { kind: 'end', complete: false, reason: `${parts.what} broke off: ${reason}` };
}
