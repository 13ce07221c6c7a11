import type { Clock, Log } from '../../../src/sync/ambient.ts';
import type { ConfluenceSettings } from '../../../src/confluence/confluence-settings.ts';
import {
  createConfluenceSource,
  type ConfluenceSource,
} from '../../../src/confluence/create-confluence-source.ts';
import { startScriptedSite, type ScriptedSite, type SiteRoutes } from '../../support/scripted-site.ts';

/** A clock whose sleeps take no time but are counted and move it on. */
export type JumpingClock = Clock & Readonly<{ sleeps: number[] }>;

/** A source on a scripted site, with everything it logged and slept. */
export type Started = Readonly<{
  site: ScriptedSite;
  source: ConfluenceSource;
  clock: JumpingClock;
  logged: string[];
}>;

const open: { close: () => unknown }[] = [];

/** Starts a scripted site and a source on it. */
export async function startSource(
  routes: SiteRoutes,
  settings: Partial<ConfluenceSettings> = {},
  path = '',
  chosen?: Clock,
): Promise<Started> {
  const site = await startScriptedSite(routes);
  open.push(site);
  const clock = jumpingClock();
  const logged: string[] = [];
  const source = createConfluenceSource(
    { ...plain, baseUrl: `${site.origin}${path}`, ...settings },
    { clock: chosen ?? clock, random: () => 0.5, log: recorder(logged) },
  );
  open.unshift(source);
  return { site, source, clock, logged };
}

/** Closes what the test started. */
export async function stopSources(): Promise<void> {
  for (const part of open.splice(0)) await part.close();
}

/** Settings of a Cloud source with a token that must never be seen. */
export const plain: ConfluenceSettings = {
  baseUrl: 'http://127.0.0.1:1',
  deployment: 'cloud',
  credentials: { kind: 'basic', user: 'ada@example.com', secret: 'canary-token' },
  cloudId: null,
  contentTypes: ['page'],
  archived: 'include',
  concurrency: 4,
  timeoutMs: 5000,
  maxBodyBytes: 1_000_000,
  ca: null,
  proxy: null,
  noProxy: null,
};

/** A signal that never aborts. */
export const never = new AbortController().signal;

function jumpingClock(): JumpingClock {
  let jumped = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => new Date(Date.now() + jumped),
    monotonicMs: () => performance.now() + jumped,
    sleep: (ms, signal) => {
      signal.throwIfAborted();
      sleeps.push(ms);
      jumped += ms;
      return Promise.resolve();
    },
  };
}

function recorder(logged: string[]): Log {
  const write = (facts: object, event: string) => {
    logged.push(`${event} ${JSON.stringify(facts)}`);
  };
  return { debug: write, info: write, warn: write, error: write };
}
