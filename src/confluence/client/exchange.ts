/** What came of sending one request once. Never holds the request's headers. */
export type Exchange =
  | Readonly<{ kind: 'answer'; status: number; headers: ReadonlyMap<string, string>; body: Uint8Array }>
  /** `origin` is who was asked, where that is not the request's own host. */
  | Readonly<{ kind: 'fault'; fault: Fault; code: string; origin?: string }>;

/**
 * Why there is no whole answer. `unreachable`: no connection was made. `lost`: the connection broke. `timeout`: it took too
 * long. `too_large`: more bytes than allowed. `encoding`: a content encoding that is not undone. `tls` and `proxy`: refused.
 * `sign_in`: the credentials were not exchanged for a token.
 */
export type Fault =
  'unreachable' | 'lost' | 'timeout' | 'too_large' | 'encoding' | 'tls' | 'proxy' | 'sign_in';
