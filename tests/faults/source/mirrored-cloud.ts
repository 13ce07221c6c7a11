import type { SyncRequest } from '../../../src/sync/run.ts';
import { runSync, type SyncResult } from '../../../src/sync/run-sync.ts';
import { fullRequest } from '../../support/full-request.ts';
import { createMemoryMirror, type MemoryMirror } from '../../support/memory-mirror.ts';
import type { SiteRoutes } from '../../support/scripted-site.ts';
import { quietLog, realClock } from '../../support/test-clock.ts';
import { cloudList, cloudPage, cloudPages, cloudSite } from '../../unit/confluence/cloud-site.ts';
import { startSource, type Started } from '../../unit/confluence/start-source.ts';

type Row = Record<string, unknown>;

/** A Cloud over rows that a test edits between runs, the real source on it, and a mirror of it in memory. */
export type MirroredCloud = Started &
  Readonly<{
    rows: Row[];
    mirror: MemoryMirror;
    sync: (changes?: Partial<SyncRequest>) => Promise<SyncResult>;
    /** Ids of the mirrored pages that are not marked as gone. */
    live: () => string[];
  }>;

const request: SyncRequest = {
  ...fullRequest,
  batchSize: 50,
  guards: { deleteMaxShare: 0.25, deleteMinPages: 2, quarantineMaxShare: 0.15 },
};

/** Starts a Cloud of one space with these pages; `routes` take over what they name. */
export async function startMirroredCloud(
  pages: readonly Row[],
  routes: SiteRoutes = {},
  clock = realClock,
): Promise<MirroredCloud> {
  const rows = [...pages];
  const started = await startSource({ ...liveCloud(rows), ...routes }, {}, '', clock);
  const mirror = createMemoryMirror();
  const observer = { planned: () => undefined, advanced: () => undefined, changed: () => undefined };
  const parts = { ...mirror, source: started.source, clock, log: quietLog, observer };
  return {
    ...started,
    rows,
    mirror,
    sync: (changes = {}) => runSync(parts, { ...request, ...changes }, new AbortController().signal),
    live: () => [...mirror.rows.values()].filter((row) => !row.deleted).map((row) => row.id),
  };
}

/** A page row of this version, changed on that day of March. */
export function pageOf(id: number, version = 1, day = 1, change: object = {}): Row {
  const createdAt = `2026-03-${String(day).padStart(2, '0')}T12:00:00.000Z`;
  return cloudPage(id, `<p>Page ${id}, version ${version}</p>`, {
    version: { number: version, createdAt },
    ...change,
  });
}

function liveCloud(rows: readonly Row[]): SiteRoutes {
  const pages = cloudPages(rows);
  const listed = (): Row[] => rows.filter(({ status }) => status === 'current' || status === 'archived');
  return cloudSite({
    ...pages,
    '/wiki/api/v2/spaces/98308/pages': () => cloudList(listed()),
    '/wiki/api/v2/pages': (asked) => {
      if (asked.query.get('sort') === '-modified-date') return cloudList(listed().toSorted(newestFirst));
      return pages['/wiki/api/v2/pages']?.(asked) ?? cloudList([]);
    },
  });
}

function newestFirst(left: Row, right: Row): number {
  return timeOf(right).localeCompare(timeOf(left));
}

function timeOf({ version }: Row): string {
  return JSON.stringify(version).replace(/.*"createdAt":"([^"]*)".*/, '$1');
}
