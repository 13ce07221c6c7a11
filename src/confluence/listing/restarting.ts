import type { WalkEvent } from './walk.ts';

/**
 * Walks a list by cursor, and once more from its start where Confluence does not take its own cursor back: cursors may run out
 * of date. Rows come again then.
 */
export async function* restarting(
  begin: () => AsyncIterable<WalkEvent>,
): AsyncGenerator<WalkEvent | Readonly<{ kind: 'restarted' }>, void> {
  for await (const event of begin()) {
    const isOutdated = event.kind === 'refused' && event.status === 400 && event.started;
    if (!isOutdated) {
      yield event;
      continue;
    }
    yield { kind: 'restarted' };
    yield* begin();
    return;
  }
}
