/** What one request came to, its retries included. */
export type Answer =
  /** A JSON value. `lossy` tells that bytes which are not UTF-8 were replaced by U+FFFD in it. */
  | Readonly<{ kind: 'json'; value: unknown; lossy: boolean }>
  /** Confluence's refusal of this request: 4xx or 501, with its JSON where it has some. */
  | Readonly<{ kind: 'refused'; status: number; value: unknown }>
  /** Confluence kept failing. `code` is `http_503`, `timeout`, `lost` or `unreachable`, `origin` who was asked. */
  | Readonly<{ kind: 'failing'; code: string; tries: number; origin: string }>
  /** An answer came and cannot be read, however often it was asked for. */
  | Readonly<{ kind: 'unreadable'; code: 'malformed_answer' | 'body_too_large' }>
  /** The credentials were refused, or the answer is a login page. */
  | Readonly<{ kind: 'signed_out'; status: number; value: unknown; reason: string }>
  /** The address, the certificate, the proxy or the endpoint is wrong. */
  | Readonly<{ kind: 'misdirected'; status: number | null; reason: string }>;

/** An answer that the run can go on with. */
export type Reply = Exclude<Answer, Readonly<{ kind: 'signed_out' | 'misdirected' }>>;
