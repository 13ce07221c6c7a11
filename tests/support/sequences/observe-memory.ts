import { createMemoryMirror } from '../memory-mirror.ts';
import type { ObservedMirror } from './observed-mirror.ts';

/** A new mirror in memory. */
export function observeMemory(): ObservedMirror {
  const { rows, changes, failures, ...parts } = createMemoryMirror();
  return {
    parts,
    rows: () =>
      Promise.resolve(
        new Map(
          [...rows.values()].map(({ lastUpdated, writes, ...row }) => [
            row.id,
            { ...row, lastUpdated: lastUpdated.getTime(), written: String(writes) },
          ]),
        ),
      ),
    changes: () => Promise.resolve([...changes]),
    failures: () => Promise.resolve(new Set(failures.keys())),
  };
}
