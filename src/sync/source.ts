import type { PageAbsence, PageFailure, PageHead, SourcePage, Space, Standing, LiveStatus } from './page.ts';

/** Which Confluence this is. Two values name the same site when cloud ids are equal, or else base URLs are. */
export type Site = Readonly<{
  deployment: 'cloud' | 'datacenter';
  /** Normalised root that requests start from, without a slash at the end. */
  baseUrl: string;
  cloudId: string | null;
  /** Server version where the deployment tells one. */
  version: string | null;
}>;

/** Who Confluence says we are. `id` is stable for the account (account id, user key or user name). */
export type Identity =
  | Readonly<{ kind: 'user'; id: string; displayName: string }>
  | Readonly<{ kind: 'anonymous' }>
  /** The endpoint that tells is out of reach for these credentials; nothing may be proved with it. */
  | Readonly<{ kind: 'unknown'; reason: string }>;

/** What a listing yields: pages in listing order, then exactly one end. */
export type ListingEvent =
  | Readonly<{ kind: 'batch'; pages: readonly ListedPage[] }>
  /** `note` is what a person should know of what the source can show at all. */
  | Readonly<{ kind: 'end'; complete: true; note?: string }>
  /** `readOn` tells that all but single rows of the list were read. */
  | Readonly<{ kind: 'end'; complete: false; reason: string; readOn?: boolean; note?: string }>;

/** A listed page: with its body where the listing was asked for bodies and could carry it, else its head. */
export type ListedPage = PageHead | SourcePage | PageFailure;

/** The visible spaces. When `complete` is false an absent space means nothing. */
export type SpaceListing = Readonly<{ spaces: readonly Space[]; complete: boolean; reason: string | null }>;

/** Confluence's own word on an id that a complete listing did not show. */
export type Presence =
  | Readonly<{ kind: 'live'; spaceKey: string | null; status: LiveStatus } & Partial<Omit<Standing, 'id'>>>
  | Readonly<{ kind: 'trashed' }>
  | Readonly<{ kind: 'gone' }>
  /** No clear word (a bare 403, a 404 that does not name the id, an error): the page stays. */
  | Readonly<{ kind: 'unclear'; reason: string }>;

/** What Confluence says of the pages above one. */
export type Ancestry =
  /** What is directly above the page's parent; null where nothing is. */
  | Readonly<{ kind: 'parent'; parentId: string | null }>
  /** All that is above the page, root first. */
  | Readonly<{ kind: 'chain'; ancestorIds: readonly string[] }>
  /** The page itself is not there any more. */
  | Readonly<{ kind: 'absent' }>
  | Readonly<{ kind: 'unclear'; reason: string }>;

/** What the client cost so far. */
export type ApiCounts = Readonly<{ requests: number; retries: number; waitedMs: number; bytes: number }>;

/**
 * Confluence, read-only. Every method throws only this product's own errors: one page's trouble is a value, an
 * exception means that the run cannot go on. Every wait ends when `signal` aborts.
 */
export interface PageSource {
  /**
   * Finds out deployment, root and version; costs at most a few requests, remembered. `before` is what an earlier run found: where it
   * fits the configured address, nothing is asked.
   */
  site(signal: AbortSignal, before?: Site | null): Promise<Site>;
  /** Asks who the credentials are, anew at each call. */
  whoAmI(signal: AbortSignal): Promise<Identity>;
  listSpaces(signal: AbortSignal): Promise<SpaceListing>;
  /**
   * Lists the live pages of a space by ascending id, one batch an answer. With `bodies`, pages arrive with their body where
   * the answer could carry it. An id comes at most once a batch; a broken walk ends as incomplete, never silently.
   */
  listPages(space: Space, options: ListOptions, signal: AbortSignal): AsyncIterable<ListingEvent>;
  /**
   * Lists the heads of live pages of these spaces by falling time of change, one batch an answer; the caller stops reading once it
   * has gone back far enough. Pages of other spaces may come along, under their own key or an empty one. What the deployment's search does not show (archived pages on Data Center) is missing.
   */
  listChanges(spaces: readonly Space[], signal: AbortSignal): AsyncIterable<ListingEvent>;
  /** Fetches pages with bodies, in bulk where it can. Exactly one answer for each distinct id asked. */
  fetchPages(ids: readonly string[], signal: AbortSignal): Promise<readonly FetchedPage[]>;
  /** Asks for Confluence's own word on each id. Exactly one entry for each distinct id asked. */
  confirm(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>>;
  /** Asks what is above each of these pages: one step above its parent, or all of it. One entry for each id asked. */
  ancestry(pages: readonly Standing[], signal: AbortSignal): Promise<ReadonlyMap<string, Ancestry>>;
  counts(): ApiCounts;
}

/** With `bodies` the listing carries the bodies; without, heads only. */
export type ListOptions = Readonly<{ bodies: boolean; stored?: StoredBetween }>;

/** Ids of the space's stored pages between two ids, or from or to the end: what may stand where a list cannot be read. */
export type StoredBetween = (after: string | null, before: string | null) => AsyncIterable<readonly string[]>;

/** The answer for one id of a bulk fetch. */
export type FetchedPage = SourcePage | PageFailure | PageAbsence;
