import { afterEach, describe, expect, test } from '@jest/globals';
import { createConfluenceSource } from '../../../src/confluence/create-confluence-source.ts';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import type { Deployment, SampleSite } from '../../../src/sample-site/sample-site.ts';
import type { SyncRequest } from '../../../src/sync/run.ts';
import { runSync, type SyncResult } from '../../../src/sync/run-sync.ts';
import type { Site } from '../../../src/sync/source.ts';
import { blindObserver, fullRequest } from '../../support/full-request.ts';
import { createMemoryMirror } from '../../support/memory-mirror.ts';
import { quietLog, realClock } from '../../support/test-clock.ts';
import { plain } from '../../unit/confluence/start-source.ts';

type Budgeted = Readonly<{
  site: SampleSite;
  /** Syncs as a process of its own does: with nothing remembered but what the mirror holds. */
  sync: (changes?: Partial<SyncRequest>) => Promise<SyncResult>;
}>;

const open: SampleSite[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((site) => site.close()));
});

async function mirrored(deployment: Deployment, pages: number, spaces: number): Promise<Budgeted> {
  const site = createSampleSite({ deployment, pages, spaces, seed: 7, bodyBytes: 200, clock: realClock });
  open.push(site);
  const { url } = await site.listen(0);
  const mirror = createMemoryMirror();
  let found: Site | null = null;
  const store = { ...mirror.store, site: () => Promise.resolve(found) };
  const sync = async (changes: Partial<SyncRequest> = {}) => {
    const settings = { ...plain, baseUrl: url, deployment: 'auto' as const };
    const source = createConfluenceSource(settings, { clock: realClock, random: () => 0.5, log: quietLog });
    const world = { source, clock: realClock, log: quietLog, observer: blindObserver };
    try {
      const stop = new AbortController().signal;
      const result = await runSync(
        { ...mirror, ...world, store, reader: store },
        { ...fullRequest, ...changes },
        stop,
      );
      found = await source.site(stop);
      return result;
    } finally {
      source.close();
    }
  };
  await sync();
  return { site, sync };
}

/** Requests that the site saw during an incremental run. */
async function count({ site, sync }: Budgeted): Promise<number> {
  const before = site.requests.length;
  const { report, error } = await sync({ mode: 'incremental', trigger: 'schedule' });
  expect(error).toBeNull();
  const seen = site.requests.slice(before);
  expect(report.api.requests).toBe(seen.length);
  return seen.length;
}

describe.each<Deployment>(['cloud', 'datacenter'])('%s', (deployment) => {
  test.each([1, 25, 200, 250])(
    'a quiet incremental run over %d spaces costs four requests',
    async (spaces) => {
      const mirror = await mirrored(deployment, spaces, spaces);

      expect(await count(mirror)).toBeLessThanOrEqual(4);
    },
    60_000,
  );

  test.each([1, 49, 50, 51, 200, 250, 500, 700])(
    '%d edited pages cost no more than their lists and bodies',
    async (edited) => {
      const mirror = await mirrored(deployment, 1_000, 5);
      const ids = [...mirror.site.pages()].filter(({ status }) => status === 'current').map(({ id }) => id);
      for (const id of ids.slice(0, edited)) mirror.site.edit.edit(id);

      const requests = await count(mirror);

      expect(requests).toBeLessThanOrEqual(4 + Math.ceil(edited / 250) + Math.ceil(edited / 50));
    },
    60_000,
  );
});
