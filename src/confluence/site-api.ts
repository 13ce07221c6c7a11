import type { PageSource } from '../sync/source.ts';
import type { Client } from './client/create-client.ts';
import type { ConfluenceSettings } from './confluence-settings.ts';

/** One site's API as its readers use it. */
export type SiteApi = Readonly<{
  client: Client;
  /** Root that requests start from, without a slash at the end. */
  root: string;
  settings: ConfluenceSettings;
  /** Tells whether Confluence answers at all, after waiting some time for it to come back. */
  isUp: (signal: AbortSignal) => Promise<boolean>;
  /** Throws `CredentialsRefused` where Confluence does not know the credentials any more. */
  assertSignedIn: (signal: AbortSignal) => Promise<void>;
  /** Waits before a doubtful answer is asked for again. */
  waitForSecondLook: (signal: AbortSignal) => Promise<void>;
}>;

/** The reading of one deployment's API. */
export type SiteReader = Pick<
  PageSource,
  'listSpaces' | 'listPages' | 'listChanges' | 'fetchPages' | 'confirm' | 'ancestry'
>;
