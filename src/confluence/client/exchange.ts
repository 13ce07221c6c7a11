/** What came of sending one request once. Never holds the request's headers. */
export type Exchange =
  | Readonly<{ kind: 'answer'; status: number; headers: ReadonlyMap<string, string>; body: Uint8Array }>
  | Readonly<{ kind: 'fault'; fault: Fault; code: string }>;

/**
 * Why there is no whole answer. `unreachable`: no connection was made. `lost`: the connection broke. `timeout`: it took too
 * long. `too_large`: more bytes than allowed. `encoding`: a content encoding that is not undone. `tls` and `proxy`: refused.
 */
export type Fault = 'unreachable' | 'lost' | 'timeout' | 'too_large' | 'encoding' | 'tls' | 'proxy';
