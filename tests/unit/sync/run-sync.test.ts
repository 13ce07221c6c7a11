import { beforeEach, describe, expect, test } from '@jest/globals';
import { createDryRun } from '../../../src/sync/dry-run.ts';
import {
  ConfluenceUnavailable,
  CredentialsRefused,
  IdentityChanged,
  Interrupted,
  LeaseTaken,
  WrongConfiguration,
  WrongSite,
} from '../../../src/sync/errors.ts';
import type { PageFailure } from '../../../src/sync/page.ts';
import type { SyncRequest } from '../../../src/sync/run.ts';
import { runSync, type SyncResult } from '../../../src/sync/run-sync.ts';
import { createFakeSource, type FakeSource } from '../../support/fake-source.ts';
import { blindObserver as observer, fullRequest } from '../../support/full-request.ts';
import { createMemoryMirror, type MemoryMirror } from '../../support/memory-mirror.ts';
import { quietLog, realClock } from '../../support/test-clock.ts';

const request: SyncRequest = {
  ...fullRequest,
  batchSize: 4,
  guards: { deleteMaxShare: 0.25, deleteMinPages: 2, quarantineMaxShare: 0.5 },
};
const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => String(from + at));

const badPage = (id: string): PageFailure => ({
  kind: 'failure',
  id,
  spaceKey: 'HR',
  title: null,
  version: 1,
  stage: 'parse',
  code: 'null_body',
  message: 'body is null',
});

let source: FakeSource;
let mirror: MemoryMirror;

beforeEach(() => {
  source = createFakeSource(['HR', 'ENG']);
  mirror = createMemoryMirror();
  for (const id of ids(8, 17)) source.put({ id });
  for (const id of ids(20, 22)) source.put({ id, spaceKey: 'ENG' });
});

async function sync(
  changes: Partial<SyncRequest> = {},
  stop = new AbortController().signal,
): Promise<SyncResult> {
  const parts = { ...mirror, source, clock: realClock, log: quietLog, observer };
  return await runSync(parts, { ...request, ...changes }, stop);
}

const live = () => [...mirror.rows.values()].filter((row) => !row.deleted).map((row) => row.id);

describe('a full run', () => {
  test('stores every page, then finds nothing to write', async () => {
    const first = await sync();
    const [changes, loads] = [mirror.changes.length, mirror.loads.length];
    const second = await sync();

    expect(first.report).toMatchObject({
      outcome: 'succeeded',
      counts: { listed: 13, created: 13, fetched: 13 },
    });
    expect(second.report).toMatchObject({
      outcome: 'succeeded',
      counts: { listed: 13, unchanged: 13, fetched: 0 },
    });
    expect(mirror.changes).toHaveLength(changes);
    expect(mirror.loads.slice(loads).every((batch) => batch.records.length + batch.heads.length === 0)).toBe(
      true,
    );
  });

  test('fetches the bodies of changed pages only', async () => {
    await sync();
    source.put({ id: '9', version: 2 }, '<p>new words</p>');
    source.put({ id: '10', parentId: '8' });

    const { report } = await sync();

    expect(source.fetched).toEqual(['9']);
    expect(report.counts).toMatchObject({ updated: 1, moved: 1, unchanged: 11, fetched: 1 });
    expect(mirror.rows.get('9')?.storage).toBe('<p>new words</p>');
  });

  test('keeps batches within the asked size', async () => {
    await sync({ batchSize: 2 });

    expect(Math.max(...mirror.loads.map((batch) => batch.records.length))).toBe(2);
  });

  test('one bad page costs no other page its place', async () => {
    source.failures.set('11', badPage('11'));

    const { report } = await sync();

    expect(report).toMatchObject({ outcome: 'partial', counts: { created: 12, failed: 1 } });
    expect(live()).toHaveLength(12);
    expect([...mirror.failures.keys()]).toEqual(['11']);
  });

  test('a healed page leaves the quarantine in the next run, even without a new version', async () => {
    source.failures.set('11', badPage('11'));
    await sync();
    source.failures.clear();

    const { report } = await sync();

    expect(report).toMatchObject({ outcome: 'succeeded', counts: { created: 1, failed: 0 } });
    expect(mirror.failures.size).toBe(0);
  });

  test('a page that went while in quarantine leaves it', async () => {
    source.failures.set('11', badPage('11'));
    await sync();
    source.failures.clear();
    source.pages.delete('11');

    await sync();

    expect(mirror.failures.size).toBe(0);
  });

  test('too many bad pages hold the run, and what is healthy is stored', async () => {
    for (const id of ids(8, 16)) source.failures.set(id, badPage(id));

    const { report } = await sync();

    expect(report.outcome).toBe('held');
    expect(live()).toEqual(expect.arrayContaining(['17', '20', '21', '22']));
  });

  test('an older version is believed only when Confluence repeats it for that page', async () => {
    source.put({ id: '9', version: 5 }, '<p>five</p>');
    await sync();
    source.put({ id: '9', version: 4 }, '<p>four</p>');

    await sync();

    expect(source.fetched).toEqual(['9']);
    expect(
      mirror.loads.flatMap((batch) => batch.records).find((record) => record.wentBack)?.head.version,
    ).toBe(4);
    expect(mirror.rows.get('9')).toMatchObject({ version: 4, storage: '<p>four</p>' });
  });

  test('what no database takes is taken out before hashing, and the page then counts as unchanged', async () => {
    source.put({ id: '9', title: 'N\u0000UL' }, '<p>lone \uD800</p>');
    await sync();

    const { report } = await sync();

    expect(mirror.rows.get('9')).toMatchObject({ title: 'NUL', storage: '<p>lone \uFFFD</p>' });
    expect(report.counts).toMatchObject({ unchanged: 13, fetched: 0 });
  });

  test('hashes of another canonical form are renewed without a change in the feed', async () => {
    await sync();
    const row = mirror.rows.get('9');
    if (!row) throw new Error('page 9 is missing');
    mirror.rows.set('9', { ...row, contentHash: 'old', hashVersion: 0 });
    const changes = mirror.changes.length;

    await sync();

    expect(mirror.rows.get('9')).toMatchObject({
      contentHash: row.contentHash,
      hashVersion: row.hashVersion,
    });
    expect(mirror.changes).toHaveLength(changes);
  });
});

describe('deletions', () => {
  test('a page that is gone is marked, once', async () => {
    await sync();
    source.pages.delete('12');
    source.presences.set('13', { kind: 'trashed' });
    source.pages.delete('13');

    const { report } = await sync();
    const again = await sync();

    expect(report.counts).toMatchObject({ deleted: 2, unchanged: 11 });
    expect(mirror.rows.get('12')).toMatchObject({ status: 'deleted', deletedReason: 'gone' });
    expect(mirror.rows.get('13')).toMatchObject({ status: 'trashed', deletedReason: 'trashed' });
    expect(again.report.counts.deleted).toBe(0);
  });

  test.each(['first', 'last'])('a page gone from the %s place is found', async (place) => {
    await sync();
    const id = place === 'first' ? '8' : '17';
    source.pages.delete(id);

    await sync();

    expect(mirror.rows.get(id)?.deleted).toBe(true);
  });

  test('a broken listing deletes nothing', async () => {
    await sync();
    source.pages.delete('12');
    source.broken.set('HR', 1);

    const { report } = await sync();

    expect(report).toMatchObject({ outcome: 'partial', counts: { deleted: 0 } });
    expect(report.spaces.find((space) => space.key === 'HR')).toMatchObject({
      listing: 'incomplete',
      reason: 'the fake broke off',
    });
    expect(source.confirmed).toEqual([]);
  });

  test('a page that Confluence still shows by id stays', async () => {
    await sync();
    source.pages.delete('12');
    source.presences.set('12', { kind: 'live', spaceKey: 'HR', status: 'current' });

    expect((await sync()).report.counts.deleted).toBe(0);
  });

  test('a live page that its listing does not show is brought up to date by id', async () => {
    await sync();
    const page = source.pages.get('12');
    if (page) source.unlisted.set('12', { ...page, head: { ...page.head, status: 'archived' } });
    source.pages.delete('12');

    const { report } = await sync();

    expect(report.counts).toMatchObject({ updated: 1, deleted: 0 });
    expect(mirror.rows.get('12')).toMatchObject({ status: 'archived', deleted: false });
  });

  test('an unclear word of Confluence keeps the page and is reported', async () => {
    await sync();
    source.pages.delete('12');
    source.presences.set('12', { kind: 'unclear', reason: 'HTTP 403' });

    const { report } = await sync();

    expect(report.counts.deleted).toBe(0);
    expect(report.spaces[0]?.unconfirmed).toEqual([{ id: '12', reason: 'HTTP 403' }]);
  });

  test('a mass disappearance is held, and goes through when a person accepts it', async () => {
    await sync();
    for (const id of ids(8, 12)) source.pages.delete(id);

    const held = await sync();
    const accepted = await sync({ acceptDeletes: true });

    expect(held.report).toMatchObject({ outcome: 'held', counts: { deleted: 0 } });
    expect(held.report.spaces[0]?.held).toMatchObject({ would_delete: 5, of_pages: 10, ids: ids(8, 12) });
    expect(mirror.spaces.get('HR')?.held).toBeNull();
    expect(accepted.report).toMatchObject({ outcome: 'succeeded', counts: { deleted: 5 } });
  });

  test('another account at the end of the run deletes nothing', async () => {
    await sync();
    source.pages.delete('12');
    source.identities = [
      { kind: 'user', id: 'u-1', displayName: 'Ada' },
      { kind: 'user', id: 'u-2', displayName: 'Bob' },
    ];

    const { error } = await sync();

    expect(error).toBeInstanceOf(IdentityChanged);
    expect(mirror.rows.get('12')?.deleted).toBe(false);
  });

  test('without credentials deletions wait for a person', async () => {
    source.identities = [{ kind: 'anonymous' }];
    await sync({ anonymous: true });
    source.pages.delete('12');

    expect((await sync({ anonymous: true })).report.outcome).toBe('held');
    expect((await sync({ anonymous: true, acceptDeletes: true })).report.counts.deleted).toBe(1);
  });

  test('a page that moved to another space is moved, never deleted', async () => {
    await sync();
    source.put({ id: '12', spaceKey: 'ENG' });

    const { report } = await sync();

    expect(report.counts).toMatchObject({ moved: 1, deleted: 0 });
    expect(mirror.changes.filter((change) => change.id === '12').map((change) => change.kind)).toEqual([
      'created',
      'moved',
    ]);
  });

  test('a space that Confluence no longer shows keeps its pages until a person accepts', async () => {
    await sync();
    source.spaces.splice(1, 1);
    for (const id of ids(20, 22)) source.pages.delete(id);

    const kept = await sync();
    const accepted = await sync({ acceptDeletes: true });

    expect(kept.report).toMatchObject({ outcome: 'partial', counts: { deleted: 0 } });
    expect(kept.report.spaces.find((space) => space.key === 'ENG')?.listing).toBe('incomplete');
    expect(accepted.report.counts.deleted).toBe(3);
  });

  test('a space that the settings no longer want leaves the mirror, held where the guard says so', async () => {
    await sync();
    const scope = { ...request.scope, excludeSpaces: ['ENG'] };

    const held = await sync({ scope });
    const accepted = await sync({ scope, acceptDeletes: true });

    expect(held.report).toMatchObject({ outcome: 'held', counts: { deleted: 0 } });
    expect(accepted.report).toMatchObject({ outcome: 'succeeded', counts: { deleted: 3, unchanged: 10 } });
    expect(mirror.rows.get('20')).toMatchObject({ status: 'deleted', deletedReason: 'out_of_scope' });
    expect(source.confirmed).toEqual([]);
  });

  test('a content type that the settings no longer want leaves the mirror', async () => {
    const contentTypes = ['page', 'blogpost'] as const;
    source.put({ id: '12', type: 'blogpost' });
    await sync({ scope: { ...request.scope, contentTypes } });
    source.pages.delete('12');

    await sync();

    expect(mirror.rows.get('12')).toMatchObject({ deleted: true, deletedReason: 'out_of_scope' });
  });

  test('a page back from the trash is restored', async () => {
    await sync();
    const page = source.pages.get('12');
    source.pages.delete('12');
    await sync();
    if (page) source.pages.set('12', page);

    expect((await sync()).report.counts).toMatchObject({ restored: 1, created: 0 });
  });

  test('a run over one space leaves the others alone', async () => {
    await sync();
    source.put({ id: '12', spaceKey: 'ENG' });
    source.pages.delete('20');

    const { report } = await sync({ onlySpaces: ['HR'] });

    expect(report.spaces.map((space) => space.key)).toEqual(['HR']);
    expect(report.counts.deleted).toBe(0);
  });
});

describe('a run that cannot go on', () => {
  test('credentials that turn out to be none are refused before anything is read', async () => {
    source.identities = [{ kind: 'anonymous' }];

    const { error, report } = await sync();

    expect(error).toBeInstanceOf(CredentialsRefused);
    expect(report.outcome).toBe('failed');
    expect(mirror.rows.size).toBe(0);
  });

  test('a second run is told that another holds the lease', async () => {
    mirror.lease.taken = true;

    await expect(sync()).rejects.toBeInstanceOf(LeaseTaken);
  });

  test('told to stop, it keeps what is stored, is journaled as interrupted and gives the lease back', async () => {
    const controller = new AbortController();
    const original = mirror.store.load.bind(mirror.store);
    Object.assign(mirror.store, {
      load: async (batch: Parameters<typeof original>[0]) => {
        const result = await original(batch);
        controller.abort(new Interrupted('stopped'));
        return result;
      },
    });

    const { error, report } = await sync({}, controller.signal);

    expect(error).toBeInstanceOf(Interrupted);
    expect(report.outcome).toBe('interrupted');
    expect(mirror.journal.runs[0]?.outcome).toBe('interrupted');
    expect(mirror.lease.taken).toBe(false);
    expect(live().length).toBeGreaterThan(0);
  });

  test('a bug is journaled as failed and crashes', async () => {
    Object.assign(source, { listSpaces: () => Promise.reject(new TypeError('a bug')) });

    await expect(sync()).rejects.toThrow('a bug');
    expect(mirror.journal.runs[0]?.outcome).toBe('failed');
    expect(mirror.lease.taken).toBe(false);
  });

  test('when Confluence shows none of the mirrored spaces any more, the run is held', async () => {
    await sync();
    source.spaces.length = 0;

    const { report } = await sync();

    expect(report).toMatchObject({ outcome: 'held', counts: { deleted: 0 } });
  });

  test('when no space is visible and none was ever stored, something is wrong with the settings', async () => {
    source.spaces.length = 0;

    expect((await sync()).error).toBeInstanceOf(WrongConfiguration);
  });

  test('a run in which no space could be read whole has failed', async () => {
    source.broken.set('HR', 0);
    source.broken.set('ENG', 0);

    const { report, error } = await sync();

    expect(error).toBeInstanceOf(ConfluenceUnavailable);
    expect(report.outcome).toBe('failed');
  });

  test('a wanted space that is not visible is named', async () => {
    const { report } = await sync({ scope: { ...request.scope, spaces: ['HR', 'NOPE'] } });

    expect(report.outcome).toBe('partial');
    expect(report.notes.join()).toContain('NOPE');
  });
});

test('a dry run names what would change and writes nothing', async () => {
  await sync();
  source.put({ id: '9', version: 2 });
  source.put({ id: '30' });
  source.pages.delete('12');
  const [rows, changes, loads] = [new Map(mirror.rows), mirror.changes.length, mirror.loads.length];
  const told: string[] = [];
  const parts = {
    source,
    reader: mirror.reader,
    ...createDryRun(mirror.reader, realClock),
    clock: realClock,
    log: quietLog,
    observer: {
      ...observer,
      changed: (_head: unknown, id: string, outcome: string) => told.push(`${outcome} ${id}`),
    },
  };

  const { report } = await runSync(parts, { ...request, dryRun: true }, new AbortController().signal);

  expect(told.sort()).toEqual(['created 30', 'deleted 12', 'updated 9']);
  expect(report).toMatchObject({ dry_run: true, counts: { created: 1, updated: 1, deleted: 1 } });
  expect(mirror.rows).toEqual(rows);
  expect([mirror.changes.length, mirror.loads.length]).toEqual([changes, loads]);
});

test('a dry run against another site’s mirror is refused', async () => {
  const reader = {
    ...mirror.reader,
    site: () =>
      Promise.resolve({
        deployment: 'cloud',
        baseUrl: 'https://other.example.com/wiki',
        cloudId: null,
        version: null,
      } as const),
  };
  const parts = {
    source,
    reader,
    ...createDryRun(reader, realClock),
    clock: realClock,
    log: quietLog,
    observer,
  };

  const { error } = await runSync(parts, { ...request, dryRun: true }, new AbortController().signal);

  expect(error).toBeInstanceOf(WrongSite);
});
