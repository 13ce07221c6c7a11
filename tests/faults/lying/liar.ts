import { createConfluenceSource } from '../../../src/confluence/create-confluence-source.ts';
import { createSampleSite } from '../../../src/sample-site/create-sample-site.ts';
import { createDice, type Dice } from '../../../src/sample-site/dice.ts';
import type { Deployment, SampleSite } from '../../../src/sample-site/sample-site.ts';
import type { SyncRequest } from '../../../src/sync/run.ts';
import { runSync, type SyncResult } from '../../../src/sync/run-sync.ts';
import { batch } from '../../contract/page-store-values.ts';
import { blindObserver, fullRequest } from '../../support/full-request.ts';
import { createMemoryMirror, type MemoryMirror } from '../../support/memory-mirror.ts';
import { truthOf } from '../../support/mirror.ts';
import { quickClock } from '../../support/quick-clock.ts';
import { quietLog } from '../../support/test-clock.ts';
import type { Lie } from './lies.ts';

/** What people did to a site just before it began to lie. */
type Doings = Readonly<{ trashed: string; purged: string; moved: string; restored: string }>;

const SPEED = 1_000;
/** Small spaces and a guard to their size: a space of twelve that loses four is held. */
const SPACES = 3;
const PAGES_A_SPACE = 12;
const GUARDS = { deleteMaxShare: 0.25, deleteMinPages: 2, quarantineMaxShare: 0.15 };

/**
 * Mirrors a site, changes it, lets it lie for a run or a few, and lets it tell the truth again. Returns all that went wrong: a live
 * page that was taken for gone, at any time, and whatever the next complete run left untrue.
 */
export async function liveThrough(lie: Lie, deployment: Deployment, seed: number): Promise<string[]> {
  const dice = createDice(seed);
  const clock = quickClock(SPEED);
  const pages = SPACES * PAGES_A_SPACE;
  const site = createSampleSite({ deployment, pages, spaces: SPACES, bodyBytes: 150, seed, clock });
  const mirror = createMemoryMirror();
  const sync = syncing((await site.listen(0)).url, deployment, mirror);
  try {
    await sync();
    const restored = await trashUnseen(site, dice, mirror);
    const doings = { ...changeSome(site, dice, restored), restored };
    const from = mirror.changes.length;
    // Lists in several answers, whatever is asked for.
    site.faults.add(`capped_limit:limit=${5 + dice.below(5)}`);
    const told = await lieFor(dice.below(4) === 0 ? 2 : 1, { site, mirror, sync, lie, seed });
    site.faults.clear();
    const { report, error } = await sync({ acceptDeletes: lie.accepts });
    const healed = error?.message ?? (report.outcome === 'succeeded' ? null : JSON.stringify(report));
    return [
      ...told,
      ...(healed === null ? [] : [`the run after the lie: ${healed}`]),
      ...untruths(site, mirror),
      ...wrongWords(doings, site, mirror.changes.slice(from)),
    ];
  } finally {
    await site.close();
  }
}

type Sync = (changes?: Partial<SyncRequest>) => Promise<SyncResult>;

function syncing(baseUrl: string, deployment: Deployment, mirror: MemoryMirror): Sync {
  const parts = { clock: quickClock(SPEED), log: quietLog, random: () => 0.5 };
  return async (changes = {}) => {
    const source = createConfluenceSource({ ...SETTINGS, baseUrl, deployment }, parts);
    const all = { ...parts, ...mirror, source, observer: blindObserver };
    const request = { ...fullRequest, guards: GUARDS, batchSize: 5, ...changes };
    const result = await runSync(all, request, new AbortController().signal);
    source.close();
    return result;
  };
}

const SETTINGS = {
  credentials: { kind: 'basic', user: 'tests@example.com', secret: 'tests-token' },
  cloudId: null,
  contentTypes: ['page'],
  archived: 'include',
  concurrency: 4,
  timeoutMs: 5_000,
  maxBodyBytes: 1_000_000,
  ca: null,
  proxy: null,
  noProxy: null,
} as const;

/** Has the mirror know of one page that it went into the trash. Returns that page, which is back before the site lies. */
async function trashUnseen(site: SampleSite, dice: Dice, { store }: MemoryMirror): Promise<string> {
  const [id = ''] = pickCurrent(site, dice, 1);
  site.edit.trash(id);
  await store.load(batch({ deletions: [{ id, status: 'trashed', reason: 'trashed' }] }));
  return id;
}

function changeSome(site: SampleSite, dice: Dice, restored: string): Omit<Doings, 'restored'> {
  const [trashed = '', purged = '', moved = '', edited = ''] = pickCurrent(site, dice, 4);
  const home = truthOf(site).find(({ id }) => id === moved)?.spaceKey;
  // Not into the one in the middle: a lie hides it, and what is in it.
  const spaces = site.spaces().filter(({ key }, nth) => key !== home && nth !== Math.floor(SPACES / 2));
  site.edit.trash(trashed);
  site.edit.purge(purged);
  site.edit.moveToSpace(moved, spaces[dice.below(spaces.length)]?.key ?? '');
  site.edit.edit(edited);
  site.edit.restore(restored);
  return { trashed, purged, moved };
}

/** Pages that have nothing below them: what is below a page goes with it, or is left without it. */
function pickCurrent(site: SampleSite, dice: Dice, count: number): string[] {
  const pages = truthOf(site);
  const parents = new Set(pages.map(({ parentId }) => parentId));
  const able = pages.filter(({ id, status }) => status === 'current' && !parents.has(id)).map(({ id }) => id);
  return Array.from({ length: count }, () => able.splice(dice.below(able.length), 1)[0] ?? '');
}

type Scene = Readonly<{
  site: SampleSite;
  mirror: MemoryMirror;
  sync: Sync;
  lie: Lie;
  seed: number;
}>;

async function lieFor(runs: number, { site, mirror, sync, lie, seed }: Scene): Promise<string[]> {
  const wrong: string[] = [];
  for (let nth = 1; nth <= runs; nth++) {
    // Anew for each run: what strikes in the middle of one strikes in the middle of the next one, too.
    for (const fault of lie.is) site.faults.remove(fault.replace(/:.*/, ''));
    for (const fault of lie.is) site.faults.add(withSeed(fault, seed));
    const from = mirror.changes.length;
    const { report, error } = await sync();
    const live = new Set(truthOf(site).map(({ id }) => id));
    const gone = mirror.changes.slice(from).filter(({ id, kind }) => kind === 'deleted' && live.has(id));
    wrong.push(...gone.map(({ id }) => `run ${nth} of the lie deleted ${id}, which lives`));
    if (lie.tells && error === null && !isTold(report))
      wrong.push(`run ${nth} of the lie said nothing: ${JSON.stringify(report)}`);
  }
  return wrong;
}

function withSeed(fault: string, seed: number): string {
  return `${fault}${fault.includes(':') ? ',' : ':'}fault_seed=${seed}`;
}

/** Each space that was not read whole says why, and so does each that is held. */
function isTold({ outcome, spaces, notes }: SyncResult['report']): boolean {
  const reasons = spaces.flatMap(({ reason, held, unconfirmed }) => [
    ...[reason, held?.reason].filter((one) => one !== undefined),
    ...(unconfirmed ?? []).map((page) => page.reason),
  ]);
  return [...reasons, ...notes].some((reason) => reason !== '') || outcome === 'held';
}

/** What the mirror says otherwise than the site. */
function untruths(site: SampleSite, mirror: MemoryMirror): string[] {
  const truth = new Map(truthOf(site).map((page) => [page.id, page]));
  const wrong: string[] = [];
  for (const [id, row] of mirror.rows) {
    const page = truth.get(id);
    if (page === undefined && !row.deleted) wrong.push(`${id} is gone and stands`);
    if (page !== undefined && row.deleted) wrong.push(`${id} lives and is taken for gone`);
    if (page === undefined || row.deleted) continue;
    if (row.spaceKey !== page.spaceKey || row.version !== page.version || row.storage !== page.storage)
      wrong.push(`${id} is not as it is`);
  }
  for (const id of truth.keys()) if (!mirror.rows.has(id)) wrong.push(`${id} is missing`);
  return wrong;
}

/** What the feed says otherwise than it happened; but for pages that the lie itself, a backup for one, brought to another end. */
function wrongWords(doings: Doings, site: SampleSite, changes: MemoryMirror['changes']): string[] {
  const live = new Set(truthOf(site).map(({ id }) => id));
  const kinds = (id: string): string => changes.flatMap((one) => (one.id === id ? [one.kind] : [])).join(' ');
  const expected = { trashed: /^(?:updated )?deleted$/, purged: /^(?:updated )?deleted$/, ...ALIVE };
  return Object.entries(expected).flatMap(([doing, said]) => {
    const id = doings[doing as keyof Doings];
    if (live.has(id) !== doing in ALIVE || said.test(kinds(id))) return [];
    return [`${id} was ${doing}, and the feed says "${kinds(id)}"`];
  });
}

const ALIVE = { moved: /^moved(?: updated| moved)*$/, restored: /^restored(?: updated| moved)*$/ };
