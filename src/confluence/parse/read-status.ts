import type { LiveStatus } from '../../sync/page.ts';

/** Reads the status of a page or space, whatever its case; null where it is none. */
export function readStatus(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.toLowerCase() : null;
}

/** Tells the statuses in which content is alive. */
export function isLive(status: string | null): status is LiveStatus {
  return status === 'current' || status === 'archived';
}

/** Tells the statuses of content that is known and not live; any other status is a mistake in the answer. */
export function isKnownElsewhere(status: string | null): boolean {
  return status !== null && ['trashed', 'deleted', 'draft', 'historical'].includes(status);
}
