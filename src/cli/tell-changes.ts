import type { RunObserver } from '../sync/run.ts';
import type { Output } from './context.ts';
import { printLine } from './print.ts';

/** Prints one line for each page that would change. */
export function tellChanges(output: Output): RunObserver {
  return {
    planned: () => undefined,
    advanced: () => undefined,
    changed(head, id, outcome) {
      const where = head === null ? '' : `  ${head.spaceKey}  ${head.title}`;
      printLine(output, `would be ${outcome.padEnd(8)}  ${id}${where}`);
    },
  };
}
