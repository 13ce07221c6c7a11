/** The scopes of a token that may read everything this site has. */
export const READER_SCOPES = [
  'read:page:confluence',
  'read:space:confluence',
  'read:content.metadata:confluence',
  'read:hierarchical-content:confluence',
  'read:folder:confluence',
  'read:content-details:confluence',
  'search:confluence',
] as const;

/** A scope that some route asks for. */
export type Scope = (typeof READER_SCOPES)[number];
