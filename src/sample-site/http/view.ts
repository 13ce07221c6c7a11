import type { Scope } from '../oauth/scopes.ts';
import type { Viewer } from './viewer.ts';

/** What a request may see, and how the server looks at it. */
export type View = Readonly<{
  viewer: Viewer;
  /** Keys, in lower case, of spaces that are not shown; null shows none at all. */
  hiddenSpaces: ReadonlySet<string> | null;
  /** A cap on `limit` below the server's own. */
  cap: number | null;
  /** Scopes that the credentials lack. */
  missingScopes: ReadonlySet<Scope>;
  /** The zone in which a search reads dates; null is the server's own. */
  searchOffset: string | null;
  /** The time of the latest change that the search knows of. */
  searchUpTo: number;
  /** How long tokens live that are given now. */
  tokenSeconds: number;
}>;
