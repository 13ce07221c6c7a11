import type { Content } from '../content.ts';
import type { Key } from './order.ts';
import type { CompareKeys, Run } from './run.ts';
import type { Places } from './start-of-walk.ts';

/** A run being read. */
type Reader = { run: Run; position: number; key: Key };

/** Yields the pages of several runs in one order, from the given places on. */
export function* mergeRuns(
  runs: readonly Run[],
  compare: CompareKeys,
  { places, drop }: Places,
): Generator<Content> {
  const readers = runs.flatMap((run, at) => openReader(run, places[at] ?? 0));
  let dropped = 0;
  for (let reader = foremost(readers, compare); reader !== null; reader = foremost(readers, compare)) {
    const content = reader.run.contentAt(reader.position);
    advance(readers, reader);
    if (content === null) continue;
    if (dropped < drop) dropped++;
    else yield content;
  }
}

function openReader(run: Run, position: number): Reader[] {
  return position < run.length ? [{ run, position, key: run.keyAt(position) }] : [];
}

function foremost(readers: readonly Reader[], compare: CompareKeys): Reader | null {
  let first: Reader | null = null;
  for (const reader of readers) if (first === null || compare(reader.key, first.key) < 0) first = reader;
  return first;
}

function advance(readers: Reader[], reader: Reader): void {
  reader.position++;
  if (reader.position < reader.run.length) reader.key = reader.run.keyAt(reader.position);
  else readers.splice(readers.indexOf(reader), 1);
}
