import { createHash } from 'node:crypto';
import { writeCanonical } from './write-canonical.ts';

/** `contentHash` is 64 lower-case hex digits; `parsed` is false where the body was hashed as received. */
type BodyHash = Readonly<{ contentHash: string; parsed: boolean }>;

/**
 * SHA-256 over the UTF-8 bytes of `canonicalBody(storage).text`, in one pass that holds only a part of that text.
 * Takes any string whatever and never throws.
 */
export function hashBody(storage: string): BodyHash {
  const hash = createHash('sha256');
  const parsed = writeCanonical(storage, (chunk) => {
    hash.update(chunk, 'utf8');
  });
  if (parsed) return { contentHash: hash.digest('hex'), parsed };
  return { contentHash: createHash('sha256').update(storage, 'utf8').digest('hex'), parsed };
}
