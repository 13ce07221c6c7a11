import { isNativeError } from 'node:util/types';

/**
 * The id in the row that PostgreSQL shows beside some refusals, or null. A hint where the bad page is, no proof: the wording is
 * the server's, in its language, and only the form of the row is looked for.
 */
export function shownId(error: unknown): string | null {
  if (!isNativeError(error) || !('detail' in error) || typeof error.detail !== 'string') return null;
  return /\(([^,()]+), /.exec(error.detail)?.[1] ?? null;
}
