import type { ContentType } from '../sync/page.ts';
import type { Clock, Log } from '../sync/ambient.ts';
import type { ContentStatus } from './content.ts';
import type { SiteEdits } from './state/site-edits.ts';
import type { FaultBoard } from './faults/fault-board.ts';
import type { PoisonKind } from './poison/poison-kinds.ts';

/** Which Confluence the site looks like. */
export type Deployment = 'cloud' | 'datacenter';

/**
 * What the site lets in: a user with password or API token (Basic), an access token (Bearer), or a service account's client,
 * whose tokens work through the gateway alone.
 */
export type SiteCredentials =
  | Readonly<{ user: string; secret: string }>
  | Readonly<{ token: string }>
  | Readonly<{ clientId: string; clientSecret: string }>;

/** What a site is made from. The same options give the same site. */
export type SampleSiteOptions = Readonly<{
  deployment: Deployment;
  /** How many pages to invent, up to 1,000,000; ignored with `contentDir`. */
  pages?: number;
  /** How many blog posts to invent beside the pages; none unless told. */
  blogposts?: number;
  /** A folder of body files (`.xml`, `.xhtml`, `.html`), each served byte for byte as a page's body. */
  contentDir?: string;
  seed?: number;
  /** How many spaces the invented pages lie in; about one for every 50 pages unless told. */
  spaces?: number;
  /** Data Center's context path, such as `/confluence`; none unless told. */
  contextPath?: string;
  /** The size around which invented bodies lie, in bytes. */
  bodyBytes?: number;
  /** Data Center's own time zone as an offset, such as `+10:00`: dates carry it and CQL reads its dates in it. */
  serverOffset?: string;
  /** With credentials, anonymous requests see nothing; with null or without, any credentials are accepted. */
  credentials?: SiteCredentials | null;
  /** Faults in force from the start, as `NAME:key=value,key=value`. */
  faults?: readonly string[];
  clock: Clock;
  log?: Log;
}>;

/** One request as the site saw it. */
export type RequestRecord = Readonly<{
  method: string;
  /** With the context path or gateway prefix it was sent to. */
  path: string;
  query: string;
  /** What was answered; 0 where the connection was broken instead. */
  status: number;
  at: Date;
  authorization: 'none' | 'basic' | 'bearer' | 'other';
  /** The faults that took part, by name. */
  faults: readonly string[];
}>;

/** A live page as it is, for comparing a mirror with. */
export type TruePage = Readonly<{
  id: string;
  title: string;
  spaceKey: string;
  version: number;
  lastUpdated: Date;
  parentId: string | null;
  status: Exclude<ContentStatus, 'trashed'>;
  type: ContentType;
  storage: string;
  url: string;
  /** Set where the API answers something about this page that differs from the fields here. */
  poison: PoisonKind | null;
}>;

/** Where a listening site is reached. */
export type SiteAddress = Readonly<{
  /** What a user would put in `CONFLUENCE_BASE_URL`. */
  url: string;
  /** Scheme, host and port, without a path: where the control routes live. */
  origin: string;
  /** The same site through the API gateway's form of address; null for Data Center. */
  gatewayUrl: string | null;
}>;

/** A Confluence look-alike on loopback that can be edited and broken while it runs. */
export interface SampleSite {
  /** Listens on 127.0.0.1; port 0 takes a free one. */
  listen(port: number): Promise<SiteAddress>;
  /** Stops at once: open connections are cut. */
  close(): Promise<void>;
  readonly edit: SiteEdits;
  readonly faults: FaultBoard;
  /** The latest requests, oldest first; at least the last 100,000. */
  readonly requests: readonly RequestRecord[];
  /** The live pages and blog posts by ascending id, pages first. To be read through before the next edit. */
  pages(): Generator<TruePage>;
  spaces(): readonly Readonly<{ id: string; key: string; name: string; status: 'current' | 'archived' }>[];
}
