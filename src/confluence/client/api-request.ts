import { percentEncode } from './percent-encode.ts';

/** One GET of Confluence's API. Only own roots and own parameters are ever sent; nothing of an answer but a cursor. */
export type ApiRequest = Readonly<{
  /** Root of the API: origin and context path, without a slash at the end. */
  root: string;
  path: string;
  query: Query;
  /** The path with placeholders, for logs. */
  route: string;
  /** What is being done, as the subject of an error message: `listing space HR`. */
  what: string;
  /** Sends no credentials. */
  anonymous?: boolean;
  /** Tries at most; `TRIES` where absent. */
  tries?: number;
}>;

/** Parameters in order; a name may come several times. */
export type Query = readonly (readonly [name: string, value: string])[];

/** The request's path with its query, percent-encoded. */
export function pathAndQuery(request: ApiRequest): string {
  const pairs = request.query.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
  return pairs.length === 0 ? request.path : `${request.path}?${pairs.join('&')}`;
}
