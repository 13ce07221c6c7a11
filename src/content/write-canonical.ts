import { CanonicalWriter } from './canonical-writer.ts';
import { readMarkup } from './read-markup.ts';

/**
 * Gives the canonical form of a body to `sink`, piece by piece. No piece ends within a surrogate pair, so each can be
 * encoded by itself. Returns false for a body that is not well-formed: what `sink` got then means nothing.
 */
export function writeCanonical(storage: string, sink: (chunk: string) => void): boolean {
  const writer = new CanonicalWriter(sink);
  if (!readMarkup(storage, writer)) return false;
  writer.end();
  return true;
}
