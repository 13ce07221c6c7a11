import type { Clock } from '../../sync/ambient.ts';
import type { SampleSiteOptions } from '../sample-site.ts';
import type { Scope } from '../oauth/scopes.ts';
import type { TokenDesk } from '../oauth/token-desk.ts';
import type { Library } from '../state/library.ts';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';

/** What every handler of a site needs. */
export type Site = Readonly<{
  options: SampleSiteOptions;
  library: Library;
  clock: Clock;
  cloudId: string;
  tokens: TokenDesk;
  /** The address that answers call the site's own, known once it listens: no slash at the end. */
  base: () => string;
}>;

/** Answers one kind of request; throws `Refusal` to answer with an error. */
export type Handler = (site: Site, call: Call) => Answer | Promise<Answer>;

/**
 * A method, a path below the deployment's root in hono's notation, and what answers there; `open` asks for no credentials,
 * `scope` is what a scoped token needs.
 */
export type Route = Readonly<{
  method: 'GET' | 'POST';
  path: string;
  handle: Handler;
  open?: true;
  scope?: Scope;
}>;
