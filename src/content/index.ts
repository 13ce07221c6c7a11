export { canonicalBody, type CanonicalBody } from './canonical-body.ts';
export { HASH_VERSION } from './hash-version.ts';
export { hashBody, type BodyHash } from './hash-body.ts';
export { storableText, type StorableText } from './storable-text.ts';
