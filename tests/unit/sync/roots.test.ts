import { beforeEach, describe, expect, test } from '@jest/globals';
import { WrongConfiguration } from '../../../src/sync/errors.ts';
import type { PageFailure } from '../../../src/sync/page.ts';
import type { SyncRequest } from '../../../src/sync/run.ts';
import { runSync, type SyncResult } from '../../../src/sync/run-sync.ts';
import { createFakeSource, type FakeSource } from '../../support/fake-source.ts';
import { blindObserver as observer, fullRequest } from '../../support/full-request.ts';
import { createMemoryMirror, type MemoryMirror } from '../../support/memory-mirror.ts';
import { quietLog, realClock } from '../../support/test-clock.ts';

let source: FakeSource;
let mirror: MemoryMirror;
let rootPages: string[];

/**
 * Space HR: 10 is the home, below it 20 and 30; 21 and 22 below 20, 23 below 22; 31 below 30. Space ENG: 40 and 41 below it.
 * The root is 20.
 */
beforeEach(() => {
  source = createFakeSource(['HR', 'ENG'], 4);
  mirror = createMemoryMirror();
  rootPages = ['20'];
  const parents = { 10: null, 20: '10', 21: '20', 22: '20', 23: '22', 30: '10', 31: '30' };
  for (const [id, parentId] of Object.entries(parents)) source.put({ id, parentId });
  source.put({ id: '40', spaceKey: 'ENG' });
  source.put({ id: '41', spaceKey: 'ENG', parentId: '40' });
});

async function sync(changes: Partial<SyncRequest> = {}): Promise<SyncResult> {
  const parts = { ...mirror, source, clock: realClock, log: quietLog, observer };
  const scope = { ...fullRequest.scope, ...changes.scope, rootPages };
  return await runSync(parts, { ...fullRequest, ...changes, scope }, new AbortController().signal);
}

const live = () =>
  [...mirror.rows.values()]
    .filter((row) => !row.deleted)
    .map((row) => Number(row.id))
    .sort((left, right) => left - right);
const move = (id: string, parentId: string | null, change: object = {}) => {
  const page = source.pages.get(id);
  if (page !== undefined) source.put({ ...page.head, parentId, ...change }, page.storage);
};
const later = (minute: number) => new Date(Date.UTC(2026, 2, 20, 12, minute));
const reasonOf = (id: string) => mirror.rows.get(id)?.deletedReason;

describe('a full run below root pages', () => {
  test('holds the roots and what is below them, walks only their spaces, and asks for nothing more', async () => {
    const { report } = await sync();

    expect(live()).toEqual([20, 21, 22, 23]);
    expect(report).toMatchObject({ outcome: 'succeeded', counts: { listed: 4, created: 4, fetched: 4 } });
    expect(report.spaces.map(({ key }) => key)).toEqual(['HR']);
    expect(source.climbed).toEqual([]);
  });

  test('a second run writes nothing', async () => {
    await sync();
    const changes = mirror.changes.length;

    const { report } = await sync();

    expect(report.counts).toMatchObject({ listed: 4, unchanged: 4, fetched: 0 });
    expect(mirror.changes).toHaveLength(changes);
  });

  test('a page older than its parent is asked for once, with all others of its batch', async () => {
    source.put({ id: '5', parentId: '50' });
    source.put({ id: '6', parentId: '50' });
    source.put({ id: '50', parentId: '51' });
    source.put({ id: '51', parentId: '21' });

    await sync();

    expect(live()).toEqual([5, 6, 20, 21, 22, 23, 50, 51]);
    expect(source.climbed).toEqual([['6'], ['50'], ['51']]);
  });

  test('a folder between pages is seen through', async () => {
    source.folders.set('7', '22');
    source.put({ id: '60', parentId: '7' });
    source.folders.set('8', '30');
    source.put({ id: '61', parentId: '8' });

    await sync();

    expect(live()).toEqual([20, 21, 22, 23, 60]);
  });

  test('pages that are below each other in a circle are below no root, and the run ends', async () => {
    source.put({ id: '60', parentId: '61' });
    source.put({ id: '61', parentId: '60' });

    await sync();

    expect(live()).toEqual([20, 21, 22, 23]);
  });

  test('a page that moved out leaves as out of scope, and comes back when it moves in', async () => {
    await sync();
    move('21', '30');

    await sync();
    expect(live()).toEqual([20, 22, 23]);
    expect(reasonOf('21')).toBe('out_of_scope');

    move('21', '23');
    const { report } = await sync();
    expect(live()).toEqual([20, 21, 22, 23]);
    expect(report.counts).toMatchObject({ restored: 1 });
  });

  test('what is below a parent that moved out leaves with it', async () => {
    await sync();
    move('22', '30');

    const { report } = await sync();

    expect(live()).toEqual([20, 21]);
    expect([reasonOf('22'), reasonOf('23')]).toEqual(['out_of_scope', 'out_of_scope']);
    expect(report).toMatchObject({ outcome: 'succeeded', counts: { deleted: 2 } });
  });

  test('the guard holds a subtree that leaves as it holds one that is deleted', async () => {
    await sync();
    move('22', '30');

    const { report } = await sync({ guards: { ...fullRequest.guards, deleteMinPages: 1 } });

    expect(report.outcome).toBe('held');
    expect(live()).toEqual([20, 21, 22, 23]);
  });

  test('a page that only the listing showed elsewhere stays: its place is asked for again', async () => {
    await sync();
    source.put({ id: '24', parentId: '30' });
    move('22', '30');
    move('23', '24');
    const confirm = source.confirm.bind(source);
    source.confirm = async (ids, signal) => {
      if (ids.includes('22')) move('22', '20');
      if (ids.includes('22')) move('24', '20');
      return await confirm(ids, signal);
    };

    const { report } = await sync();

    expect(report.counts.deleted).toBe(0);
    expect(live()).toEqual([20, 21, 22, 23]);
  });

  test('a root that moved to another space takes along what is below it', async () => {
    await sync();
    for (const id of ['20', '21', '22', '23'])
      move(id, id === '20' ? '40' : (source.pages.get(id)?.head.parentId ?? null), { spaceKey: 'ENG' });

    const { report } = await sync();

    expect(live()).toEqual([20, 21, 22, 23]);
    expect([...mirror.rows.values()].map((row) => row.spaceKey)).toEqual(['ENG', 'ENG', 'ENG', 'ENG']);
    expect(report.counts).toMatchObject({ moved: 4, deleted: 0 });
  });

  test('narrowing to roots lets the rest go, dropping them brings it back', async () => {
    rootPages = [];
    await sync();
    expect(live()).toHaveLength(9);

    rootPages = ['20'];
    await sync();
    expect(live()).toEqual([20, 21, 22, 23]);
    expect(reasonOf('41')).toBe('out_of_scope');

    rootPages = [];
    await sync();
    expect(live()).toHaveLength(9);
  });

  test('a root moved while what has no root is about to go lets nothing of it go', async () => {
    rootPages = ['20', '40'];
    await sync();
    rootPages = ['20'];
    let asked = 0;
    const confirm = source.confirm.bind(source);
    source.confirm = async (ids, signal) => {
      if (ids.includes('20') && ++asked === 2) move('20', '40', { spaceKey: 'ENG' });
      return await confirm(ids, signal);
    };

    const { report } = await sync();

    expect(report.outcome).toBe('partial');
    expect(live()).toEqual(expect.arrayContaining([40, 41]));
  });

  test('a root outside the wanted spaces wants nothing, and that is said', async () => {
    rootPages = ['20', '40'];

    const { report } = await sync({ scope: { ...fullRequest.scope, spaces: ['HR'] } });

    expect(live()).toEqual([20, 21, 22, 23]);
    expect(report.notes).toEqual(['root page 40 is in space ENG, which the settings leave out']);
  });

  test('a bad page outside never enters the quarantine, one that left goes out of it', async () => {
    const bad = (id: string, parentId: string): PageFailure => ({
      ...{ kind: 'failure', id, spaceKey: 'HR', title: null, version: 1, stage: 'parse', parentId },
      ...{ code: 'null_body', message: 'body is null' },
    });
    source.failures.set('31', bad('31', '30')).set('21', bad('21', '20'));
    const guards = { ...fullRequest.guards, quarantineMaxShare: 1 };
    await sync({ guards });
    expect([...mirror.failures.keys()]).toEqual(['21']);

    source.failures.set('21', bad('21', '30'));
    move('21', '30');
    await sync({ guards });

    expect([...mirror.failures.keys()]).toEqual([]);
    expect(live()).toEqual([20, 22, 23]);
  });

  test('a page whose ancestors nobody tells stays as it is, and a new one is left out and named', async () => {
    await sync();
    move('21', '900');
    source.put({ id: '24', parentId: '900' });

    const { report } = await sync();

    expect(live()).toEqual([20, 21, 22, 23]);
    expect(report.outcome).toBe('partial');
    expect(report.notes.join()).toContain('page 24');
  });
});

describe('a root page that cannot be seen', () => {
  test('is named, and the first run without any other ends as wrong configuration', async () => {
    rootPages = ['98', '99'];

    const { error } = await sync();

    expect(error).toBeInstanceOf(WrongConfiguration);
    expect(error?.message).toMatch(/root page 98 .* may not see it; root page 99 /);
  });

  test('is named, and other roots are mirrored all the same', async () => {
    rootPages = ['20', '99'];

    const { report } = await sync();

    expect(live()).toEqual([20, 21, 22, 23]);
    expect(report).toMatchObject({ outcome: 'partial' });
    expect(report.notes).toEqual([
      'root page 99 is wanted, but it does not exist, is no page, or these credentials may not see it',
    ]);
  });

  test('in the trash deletes nothing below it, and its own space is held', async () => {
    await sync();
    source.pages.delete('20');
    source.presences.set('20', { kind: 'trashed' });
    move('21', '10');
    move('22', '10');

    const { report } = await sync();

    expect(report).toMatchObject({ outcome: 'held', counts: { deleted: 0 } });
    expect(report.notes).toEqual(['root page 20 is wanted, but it is in the trash']);
    expect(live()).toEqual([20, 21, 22, 23]);
  });

  test('beside another one in its space: it goes, what was below it stays and is kept fresh', async () => {
    rootPages = ['20', '30'];
    await sync();
    source.pages.delete('20');
    source.presences.set('20', { kind: 'trashed' });
    move('21', '10');
    move('22', '10', { version: 2 });
    source.put({ id: '32', parentId: '30' });

    const { report } = await sync();

    expect(report).toMatchObject({ outcome: 'partial', counts: { deleted: 1, created: 1 } });
    expect(reasonOf('20')).toBe('trashed');
    expect(live()).toEqual([21, 22, 23, 30, 31, 32]);
    expect(mirror.rows.get('22')?.version).toBe(2);
  });

  test('keeps a page that a listing passed over and that may be below it', async () => {
    rootPages = ['20', '30'];
    await sync();
    source.presences.set('20', { kind: 'trashed' });
    for (const id of ['20', '21']) source.pages.delete(id);
    const { spaceKey, status } = { spaceKey: 'HR', status: 'current' } as const;
    source.presences.set('21', { kind: 'live', spaceKey, status, parentId: '10' });

    const { report } = await sync();

    expect(live()).toEqual([21, 22, 23, 30, 31]);
    expect(report.spaces.flatMap(({ unconfirmed = [] }) => unconfirmed)).toEqual([
      { id: '21', reason: 'it may be below root page 20, which cannot be seen' },
    ]);
  });

  test('keeps the pages of a space in which no other root is seen', async () => {
    rootPages = ['20', '40'];
    await sync();
    source.presences.set('40', { kind: 'unclear', reason: 'HTTP 403' });

    const { report } = await sync();

    expect(report.outcome).toBe('partial');
    expect(report.spaces.find(({ key }) => key === 'ENG')).toMatchObject({ listing: 'incomplete' });
    expect(live()).toEqual([20, 21, 22, 23, 40, 41]);
  });

  test('for reasons that are not clear lets nothing go, whatever a person accepts', async () => {
    await sync();
    source.presences.set('20', { kind: 'unclear', reason: 'HTTP 403' });

    await sync({ acceptDeletes: true });

    expect(live()).toEqual([20, 21, 22, 23]);
  });

  test('lets pages go that a person accepts to lose', async () => {
    await sync();
    source.pages.delete('20');
    source.presences.set('20', { kind: 'trashed' });
    move('21', '10');
    move('22', '10');

    await sync({ acceptDeletes: true });

    expect(live()).toEqual([]);
    expect([reasonOf('20'), reasonOf('21')]).toEqual(['trashed', 'out_of_scope']);
  });
});

describe('an incremental run below root pages', () => {
  test('judges changed pages by what is above them now, deletes nothing, and asks once a level', async () => {
    await sync();
    source.put({ id: '21', parentId: '20', version: 2, lastUpdated: later(1) }, '<p>inside</p>');
    source.put({ id: '31', parentId: '30', version: 2, lastUpdated: later(2) }, '<p>outside</p>');
    source.put({ id: '24', parentId: '23', lastUpdated: later(3) }, '<p>new</p>');
    source.put({ id: '23', parentId: '30', version: 2, lastUpdated: later(4) }, '<p>moved out</p>');

    const { report } = await sync({ mode: 'incremental' });

    expect(report.counts).toMatchObject({ created: 0, updated: 1, deleted: 0 });
    expect(mirror.rows.get('23')?.version).toBe(1);
    expect(live()).toEqual([20, 21, 22, 23]);
    expect(source.climbed.length).toBeLessThanOrEqual(3);
  });

  test('a page in quarantine that moved out is not stored', async () => {
    const failure: PageFailure = {
      ...{ kind: 'failure', id: '21', spaceKey: 'HR', title: null, version: 1, stage: 'parse' },
      ...{ parentId: '20', code: 'null_body', message: 'body is null' },
    };
    source.failures.set('21', failure);
    await sync({ guards: { ...fullRequest.guards, quarantineMaxShare: 1 } });
    source.failures.clear();
    move('21', '30');

    await sync({ mode: 'incremental' });

    expect(live()).toEqual([20, 22, 23]);
  });

  test('a page that moved out without a version stays as it is until the full run', async () => {
    await sync();
    move('21', '30');

    const { report } = await sync({ mode: 'incremental' });

    expect(report.counts).toMatchObject({ moved: 0, deleted: 0 });
    expect(mirror.rows.get('21')).toMatchObject({ parentId: '20', deleted: false });
  });

  test('a root that was set since brings all that is below it', async () => {
    await sync();
    source.put({ id: '21', parentId: '20', version: 2, lastUpdated: later(60) });
    await sync({ mode: 'incremental' });
    rootPages = ['20', '30'];

    const { report } = await sync({ mode: 'incremental' });

    expect(report.mode).toBe('incremental');
    expect(live()).toEqual([20, 21, 22, 23, 30, 31]);
  });
});
