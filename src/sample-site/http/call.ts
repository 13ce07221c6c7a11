import type { Content } from '../content.ts';
import type { View } from './view.ts';
import type { Viewer } from './viewer.ts';

/** A request as a handler sees it. */
export type Call = Readonly<{
  method: string;
  /** The path as sent, with context path or gateway prefix. */
  path: string;
  /** The path below the deployment's root: from `/api/v2` or `/rest/api` on. */
  route: string;
  query: URLSearchParams;
  /** The value of a named part of the path. */
  param: (name: string) => string;
  text: () => Promise<string>;
  viewer: Viewer;
  /** Whether this viewer may see a space; what lies in another is silently absent. */
  seesSpace: (spaceIndex: number) => boolean;
  sees: (content: Content) => boolean;
  view: View;
  /** A lower cap on `limit` than the server's own; null where there is none. */
  cap: number | null;
}>;
