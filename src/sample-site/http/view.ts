import type { Viewer } from './viewer.ts';

/** What a request may see. */
export type View = Readonly<{
  viewer: Viewer;
  /** Keys, in lower case, of spaces that are not shown; null shows none at all. */
  hiddenSpaces: ReadonlySet<string> | null;
  /** A cap on `limit` below the server's own. */
  cap: number | null;
}>;
