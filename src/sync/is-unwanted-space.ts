import type { Run } from './run.ts';
import { createScope } from './scope.ts';

/** Tells whether the settings leave a space out: by its key, or, of the spaces that are shown, because it is archived. */
export function isUnwantedSpace(run: Run, key: string): boolean {
  return run.unwantedSpaces.has(key) || !createScope(run.request.scope)(key);
}
