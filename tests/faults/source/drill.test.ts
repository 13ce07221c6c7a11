import { afterAll, describe, expect, test } from '@jest/globals';
import { EXIT, exitCodeOf } from '../../../src/cli/exit-codes.ts';
import { createConfluenceSource } from '../../../src/confluence/create-confluence-source.ts';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import { faults, type FaultName } from '../../../src/sample-site/faults/faults.ts';
import { changingFaults } from '../../../src/sample-site/faults/changing-faults.ts';
import { limitingFaults } from '../../../src/sample-site/faults/limiting-faults.ts';
import { listingFaults } from '../../../src/sample-site/faults/listing-faults.ts';
import { nextFaults } from '../../../src/sample-site/faults/next-faults.ts';
import type { Deployment, SampleSite } from '../../../src/sample-site/sample-site.ts';
import type { SyncRequest } from '../../../src/sync/run.ts';
import { runSync, type SyncResult } from '../../../src/sync/run-sync.ts';
import { blindObserver, fullRequest } from '../../support/full-request.ts';
import { createMemoryMirror, type MemoryMirror } from '../../support/memory-mirror.ts';
import { truthOf, type MirroredPage } from '../../support/mirror.ts';
import { quickClock } from '../../support/quick-clock.ts';
import { quietLog } from '../../support/test-clock.ts';

const SPEED = 1_000;
/** Many times what a drill takes, for a machine that has more to do. */
const LONGEST_MS = 90_000;
const PATIENCE_MS = 150;
const ALLOWED: readonly number[] = [EXIT.done, EXIT.held, EXIT.unavailable, EXIT.refused, EXIT.configuration];

/** What makes a drill of a fault shorter, and still the same fault. */
const SHORTER: Partial<Record<FaultName, string>> = {
  huge_answer: 'bytes=3000000',
  decompression_bomb: 'bytes=5000000',
  chained_encodings: 'links=50',
  slow_answer: 'delay_ms=3000',
};

/** Ways to be struck beside the usual one of each fault. */
const VARIANTS: readonly string[] = [
  ...['date,seconds=3', '0', '7', '-5', '1e9', '99999999999', 'soon', 'missing'].flatMap((told) => [
    `rate_limit:count=4,retry_after=${told}`,
    `unavailable:count=3,retry_after=${told}`,
  ]),
  'rate_limit:retry_after=missing,probability=0.5',
  'unavailable:for_ms=60000',
  'server_error:status=502,after=6',
  'server_error:probability=0.3',
  'throttle:per_second=20,burst=3,headers=false,retry_after=missing',
  'killer_page:bodies=true',
  'killer_page:status=504',
  'large_limit_fails:limit=10',
  'shrunk_listing:share=0.9',
  'shrunk_listing:share=0.9,by_id=gone',
  'forbidden:probability=0.2',
  'not_found_storm:probability=0.2',
  'revoked:after=6',
  'unauthorized:after=6',
  'login_page:after=6',
  'proxy_page:kind=json',
  'proxy_page:kind=empty,after=6',
  'anonymous:sees=nothing',
  'capped_limit:limit=4,wrong_start=true',
  'offset_drift:rows=-7',
  'empty_page_with_next:probability=0.5',
  ...['protocol', 'backslash', 'userinfo', 'subdomain', 'port'].map((style) => `foreign_next:style=${style}`),
  ...['doubled', 'bare', 'dots', 'fragment', 'outside'].map((style) => `odd_next:style=${style}`),
  ...['array', 'number', 'null', 'empty', 'rows'].map((shape) => `mistyped_json:shape=${shape}`),
  ...['id', 'title', 'status', 'version.number', 'body', '_links'].flatMap((field) =>
    ['missing', 'null', 'object'].map((how) => `shape_drift:field=${field},how=${how}`),
  ),
  'shape_drift:share=0.1',
  'reset_mid_body:probability=0.3',
  'short_body:probability=0.3',
  'truncated_json:probability=0.3,bytes=3000',
  'invalid_utf8:probability=0.3',
  'hang:probability=0.2',
  'restored_backup:back=1,gone=0',
  'restored_backup:back=0,gone=0.9',
  'move_mid_walk:pages=5',
  'deletion_mid_walk:pages=5',
  'version_back:pages=20,by=3',
];

const NAMES = Object.keys(faults) as FaultName[];
const usual = NAMES.map((name) => [name, SHORTER[name]].filter(Boolean).join(':'));
const nameOf = (fault: string): FaultName => NAMES.find((name) => name === fault.split(':')[0]) ?? 'hang';

/** Faults that lists of either deployment meet in their own way: drilled on both. */
const LISTING: ReadonlySet<string> = new Set([
  ...Object.keys(listingFaults),
  ...Object.keys(nextFaults),
  ...Object.keys(limitingFaults),
  ...Object.keys(changingFaults),
]);

const open: SampleSite[] = [];
afterAll(async () => {
  await Promise.all(open.splice(0).map((site) => site.close()));
});

describe.each(['cloud', 'datacenter'] as const)('a drill on %s', (deployment) => {
  // Each variant is drilled on one of them; so are faults that look the same to both.
  const turn = deployment === 'cloud' ? 0 : 1;
  const same = usual.filter((fault, nth) => nth % 2 === turn || faults[nameOf(fault)].only === deployment);
  const often = [...same, ...usual.filter((fault) => LISTING.has(nameOf(fault)))];
  const drills = [...new Set(often), ...VARIANTS.filter((_, nth) => nth % 2 === turn)].filter((fault) => {
    const { only } = faults[nameOf(fault)];
    return only === undefined || only === deployment;
  });

  test.concurrent.each(drills)(
    '%s: the run ends as it may, no row is wrong, no live page goes, and all is well afterwards',
    async (fault) => {
      const drill = await prepare(deployment);
      const before = truthById(drill.site);
      const began = performance.now();
      changeSome(drill.site);
      drill.site.faults.add(fault);

      const quick = await drill.sync({ mode: 'auto' }, PATIENCE_MS);
      const whole = await drill.sync({}, PATIENCE_MS);
      const endedMs = performance.now() - began;
      const wrong = wrongRows(drill, before, unlike(fault));
      drill.site.faults.clear();
      const healed = await drill.sync({ acceptDeletes: true, deep: true });

      expect(ALLOWED).toContain(codeOf(quick));
      expect(ALLOWED).toContain(codeOf(whole));
      expect(wrong).toEqual([]);
      expect(endedMs).toBeLessThan(LONGEST_MS);
      expect([codeOf(healed), differences(drill)]).toEqual([EXIT.done, []]);
    },
    2 * LONGEST_MS,
  );
});

type Drill = Readonly<{
  site: SampleSite;
  mirror: MemoryMirror;
  sync: (changes?: Partial<SyncRequest>, timeoutMs?: number) => Promise<SyncResult>;
}>;

/** A site of 60 pages in three spaces, and a mirror that equals it. */
async function prepare(deployment: Deployment): Promise<Drill> {
  const clock = quickClock(SPEED);
  const site = createSampleSite({ deployment, pages: 60, spaces: 3, bodyBytes: 400, clock });
  open.push(site);
  const { url } = await site.listen(0);
  const mirror = createMemoryMirror();
  const sync: Drill['sync'] = async (changes = {}, timeoutMs = 30_000) => {
    const parts = { clock, log: quietLog, random: () => 0.5 };
    const source = createConfluenceSource({ ...SETTINGS, timeoutMs, baseUrl: url, deployment }, parts);
    const request = { ...fullRequest, guards: { ...fullRequest.guards, deleteMinPages: 2 }, ...changes };
    const all = { ...parts, ...mirror, source, observer: blindObserver };
    const result = await runSync(all, request, new AbortController().signal);
    source.close();
    return result;
  };
  const drill = { site, mirror, sync };
  await sync();
  expect(differences(drill)).toEqual([]);
  return drill;
}

const SETTINGS = {
  credentials: { kind: 'basic', user: 'tests@example.com', secret: 'tests-token' },
  cloudId: null,
  contentTypes: ['page'],
  archived: 'include',
  concurrency: 4,
  maxBodyBytes: 1_000_000,
  ca: null,
  proxy: null,
  noProxy: null,
} as const;

/** What people do meanwhile. */
function changeSome(site: SampleSite): void {
  const [a = '', b = '', c = '', d = '', e = ''] = truthOf(site)
    .filter(({ status }) => status === 'current')
    .slice(20)
    .map(({ id }) => id);
  site.edit.edit(a);
  site.edit.rename(b);
  site.edit.trash(c);
  site.edit.moveToSpace(d, truthOf(site).find(({ id }) => id === e)?.spaceKey ?? '');
  site.edit.create({ spaceKey: site.spaces()[0]?.key ?? '' });
}

const FIELDS = ['title', 'spaceKey', 'version', 'status', 'parentId', 'url', 'storage'] as const;
type Field = (typeof FIELDS)[number];

/** What a fault makes Confluence itself tell otherwise, so that nobody could know better. */
function unlike(fault: string): readonly Field[] {
  if (fault.startsWith('wrong_base') || fault.includes('field=_links')) return ['url'];
  if (fault.startsWith('restless_bodies')) return ['storage'];
  // A page may have been in a third space in between.
  return fault.startsWith('move_mid_walk') ? ['spaceKey', 'url'] : [];
}

/** Rows that say what was never true, and live pages that are gone. Poisoned pages have no truth to be told. */
function wrongRows(
  { site, mirror }: Drill,
  before: ReadonlyMap<string, MirroredPage>,
  exempt: readonly Field[],
): string[] {
  const now = truthById(site);
  return [...mirror.rows.values()].flatMap((row) => {
    const told = [before.get(row.id), now.get(row.id)].filter((page) => page !== undefined);
    if (row.deleted) return now.has(row.id) ? [`${row.id} is deleted and lives`] : [];
    if (told.some((page) => 'poison' in page)) return [];
    return told.some((page) => differ(row, page, exempt).length === 0)
      ? []
      : [`${row.id} is wrong in ${told.map((page) => differ(row, page, exempt).join(' ')).join(' or ')}`];
  });
}

/** What the mirror and the site do not agree on. */
function differences({ site, mirror }: Drill): string[] {
  const now = truthById(site);
  const live = [...mirror.rows.values()].filter((row) => !row.deleted);
  const extra = live.filter(({ id }) => !now.has(id)).map(({ id }) => `${id} is gone and stands`);
  const missing = [...now.values()].flatMap((page) => {
    const row = mirror.rows.get(page.id);
    if (row === undefined || row.deleted) return [`${page.id} is missing`];
    const fields = 'poison' in page ? [] : differ(row, page, []);
    return fields.length > 0 ? [`${page.id} is wrong in ${fields.join(' ')}`] : [];
  });
  return [...extra, ...missing];
}

type Row = MemoryMirror['rows'] extends Map<string, infer One> ? One : never;

function differ(row: Row, page: MirroredPage, exempt: readonly Field[]): string[] {
  const wrong = FIELDS.filter((field) => !exempt.includes(field) && row[field] !== page[field]).map(String);
  return row.lastUpdated.getTime() === page.lastUpdated.getTime() ? wrong : [...wrong, 'lastUpdated'];
}

function truthById(site: SampleSite): Map<string, MirroredPage> {
  return new Map(truthOf(site).map((page) => [page.id, { ...page, storage: page.storage }]));
}

function codeOf({ report, error }: SyncResult): number {
  if (error !== null) return exitCodeOf(error);
  return report.outcome === 'held' ? EXIT.held : EXIT.done;
}
