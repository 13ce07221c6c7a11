import type { ContentType } from '../sync/page.ts';

/** How requests sign in. */
export type Credentials =
  | Readonly<{ kind: 'basic'; user: string; secret: string }>
  | Readonly<{ kind: 'bearer'; token: string }>
  | Readonly<{ kind: 'oauth'; clientId: string; clientSecret: string }>
  | Readonly<{ kind: 'anonymous' }>;

/** What the source adapter needs to know; times in milliseconds, sizes in decoded bytes. */
export type ConfluenceSettings = Readonly<{
  baseUrl: string;
  deployment: 'auto' | 'cloud' | 'datacenter';
  credentials: Credentials;
  cloudId: string | null;
  contentTypes: readonly ContentType[];
  archived: 'include' | 'exclude';
  concurrency: number;
  timeoutMs: number;
  maxBodyBytes: number;
  /** PEM text of a private certificate authority, trusted beside the public ones. */
  ca: string | null;
  /** Address of a proxy for https requests. */
  proxy: string | null;
  noProxy: string | null;
}>;
