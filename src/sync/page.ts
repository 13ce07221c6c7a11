/** The kinds of Confluence content that are mirrored. */
export type ContentType = 'page' | 'blogpost';

/** States in which a page is alive in Confluence. */
export type LiveStatus = 'current' | 'archived';

/** States a stored page can be in; the last two only together with a deletion time. */
export type PageStatus = LiveStatus | 'trashed' | 'deleted';

/** Why a stored page is marked as gone. */
export type DeletedReason = 'trashed' | 'gone' | 'out_of_scope';

/** A space of the site; `id` is the source's own handle for it, `key` is what people and the tables use. */
export type Space = Readonly<{ id: string; key: string; name: string; status: LiveStatus }>;

/**
 * Where a page stands in its space's tree. `ancestorIds` is all that is above it, root first, where Confluence tells it together
 * with the page; null where it should have and did not.
 */
export type Standing = Readonly<{
  id: string;
  parentId: string | null;
  ancestorIds?: readonly string[] | null;
}>;

/** A page without its body. `id` is a decimal string of at most 19 digits, `version` counts from 0. */
export type PageHead = Readonly<{
  kind: 'head';
  id: string;
  type: ContentType;
  title: string;
  spaceKey: string;
  status: LiveStatus;
  version: number;
  /** The published version's own time, from Confluence, to the millisecond. */
  lastUpdated: Date;
  parentId: string | null;
  /** See `Standing`. */
  ancestorIds?: readonly string[] | null;
  /** Absolute http(s) address a person can open. */
  url: string;
}>;

/** A page with its body in storage format, exactly as Confluence sent it. */
export type SourcePage = Readonly<{ kind: 'page'; head: PageHead; storage: string }>;

/** Where in its way to the table a page failed. */
export type FailureStage = 'parse' | 'content' | 'store';

/** One page's expected failure: it ends in quarantine and costs no other page its place. */
export type PageFailure = Readonly<{
  kind: 'failure';
  id: string;
  /** The best known space; empty where Confluence's answer did not say. */
  spaceKey: string;
  title: string | null;
  version: number | null;
  stage: FailureStage;
  /** SQLSTATE, or a code of our own in snake_case. */
  code: string;
  /** Says what is wrong with the page and names the field; holds no body text. */
  message: string;
  /** Where it stands, see `Standing`; absent where the answer did not say. */
  parentId?: string | null;
  ancestorIds?: readonly string[] | null;
}>;

/** Confluence's answer for an id that was asked for and is not a live page we may see. */
export type PageAbsence = Readonly<{ kind: 'absent'; id: string }>;

/** A page ready for the store: cleaned of what no database takes, hashed. */
export type PageRecord = Readonly<{
  head: PageHead;
  storage: string;
  /** SHA-256 of the canonical body, 64 lower-case hex digits. */
  contentHash: string;
  hashVersion: number;
  /** True where Confluence, asked again by id, confirmed a version older than the stored one. */
  wentBack: boolean;
}>;

/** What the store knows of a page, as far as comparing it with a head needs. */
export type KnownPage = Readonly<{
  id: string;
  type: ContentType;
  title: string;
  spaceKey: string;
  status: PageStatus;
  version: number;
  lastUpdated: Date;
  parentId: string | null;
  url: string;
  hashVersion: number;
  /** True while the page is marked as gone. */
  deleted: boolean;
}>;
