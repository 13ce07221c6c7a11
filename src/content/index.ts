export { canonicalBody } from './canonical-body.ts';
export { HASH_VERSION } from './hash-version.ts';
export { hashBody } from './hash-body.ts';
export { storableText } from './storable-text.ts';
