import type { Content, SiteSpace } from '../content.ts';

/** What differs between the deployments where they share the v1 shapes. */
export type Dialect = Readonly<{
  date: (ms: number) => string;
  webui: (content: Content, space: SiteSpace) => string;
  /** The address answers call the site's own. */
  base: string;
  /** The context path, empty where there is none. */
  context: string;
}>;
