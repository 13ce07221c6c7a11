import { writeCanonical } from './write-canonical.ts';

/** `text` is what is hashed; `parsed` is false where that is the body as received. */
type CanonicalBody = Readonly<{ text: string; parsed: boolean }>;

/**
 * The canonical form of a body in storage format: two bodies have the same text exactly when they hold the same words in
 * the same structure. The text is storage format itself, and its own canonical form. A body that is not well-formed
 * (a tag that is not closed or never opened, broken markup, an attribute without quotes or given twice) stays as it is;
 * an `&` that begins no entity, undeclared prefixes and several roots are fine.
 */
export function canonicalBody(storage: string): CanonicalBody {
  const chunks: string[] = [];
  const parsed = writeCanonical(storage, (chunk) => {
    chunks.push(chunk);
  });
  return { text: parsed ? chunks.join('') : storage, parsed };
}
