import type { Presence } from '../../sync/source.ts';
import { inParallel } from '../client/in-parallel.ts';
import type { SiteApi } from '../site-api.ts';

/** One look at an id; `missing` is Confluence's word that there is no such content, worth a second look. */
export type Look = Presence | Readonly<{ kind: 'missing' }>;

/** Looks at every id, and again at the missing ones after all others: only what is missing twice is gone. */
export async function confirmTwice(
  api: SiteApi,
  ids: readonly string[],
  signal: AbortSignal,
  look: (id: string, signal: AbortSignal) => Promise<Look>,
): Promise<ReadonlyMap<string, Presence>> {
  const presences = new Map<string, Presence>();
  const missing = await lookOnce(api, ids, signal, look, presences);
  if (missing.length === 0) return presences;
  await api.waitForSecondLook(signal);
  const gone = await lookOnce(api, missing, signal, look, presences);
  for (const id of gone) presences.set(id, { kind: 'gone' });
  return presences;
}

async function lookOnce(
  api: SiteApi,
  ids: readonly string[],
  signal: AbortSignal,
  look: (id: string, signal: AbortSignal) => Promise<Look>,
  presences: Map<string, Presence>,
): Promise<readonly string[]> {
  const looks = await inParallel(ids, api.settings.concurrency, signal, async (id, lookSignal) => ({
    id,
    seen: await look(id, lookSignal),
  }));
  const missing: string[] = [];
  for (const { id, seen } of looks) {
    if (seen.kind === 'missing') missing.push(id);
    else presences.set(id, seen);
  }
  return missing;
}
