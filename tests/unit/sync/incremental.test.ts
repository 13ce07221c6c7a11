import { beforeEach, describe, expect, test } from '@jest/globals';
import { ConfluenceUnavailable } from '../../../src/sync/errors.ts';
import type { SyncRequest } from '../../../src/sync/run.ts';
import { runSync, type SyncResult } from '../../../src/sync/run-sync.ts';
import { createFakeSource, type FakeSource } from '../../support/fake-source.ts';
import { blindObserver as observer, fullRequest } from '../../support/full-request.ts';
import { createMemoryMirror, type MemoryMirror } from '../../support/memory-mirror.ts';
import { quietLog, realClock } from '../../support/test-clock.ts';

const request: SyncRequest = {
  ...fullRequest,
  mode: 'auto',
  trigger: 'schedule',
  batchSize: 4,
  guards: { deleteMaxShare: 0.25, deleteMinPages: 2, quarantineMaxShare: 0.5 },
};
const START = Date.parse('2026-03-01T00:00:00.000Z');
const hours = (count: number) => new Date(START + count * 3_600_000);

let source: FakeSource;
let mirror: MemoryMirror;

beforeEach(async () => {
  source = createFakeSource(['HR', 'ENG']);
  mirror = createMemoryMirror();
  for (let at = 0; at < 20; at++)
    source.put({ id: String(100 + at), spaceKey: at % 2 === 0 ? 'HR' : 'ENG', lastUpdated: hours(at) });
  await sync();
  source.changeBatches = 0;
  source.fetched.length = 0;
});

async function sync(changes: Partial<SyncRequest> = {}): Promise<SyncResult> {
  const parts = { ...mirror, source, clock: realClock, log: quietLog, observer };
  return await runSync(parts, { ...request, ...changes }, new AbortController().signal);
}

function deployedAs(deployment: 'cloud' | 'datacenter'): void {
  const site = { deployment, baseUrl: 'https://fake.example.com/wiki', cloudId: null, version: null };
  Object.assign(source, { site: () => Promise.resolve(site) });
}

const watermarks = () => [...mirror.spaces.values()].map((space) => space.watermark);

describe('auto', () => {
  test('the first run is full, the next one incremental', async () => {
    expect(mirror.journal.runs[0]?.report?.mode).toBe('full');
    expect((await sync()).report.mode).toBe('incremental');
  });
});

describe('an incremental run', () => {
  test('over a quiet site reads one answer and writes nothing', async () => {
    const loads = mirror.loads.length;

    const { report } = await sync();

    expect(source.changeBatches).toBe(1);
    expect(report).toMatchObject({ outcome: 'succeeded', counts: { created: 0, updated: 0, fetched: 0 } });
    expect(mirror.loads).toHaveLength(loads);
  });

  test('stores edited and new pages, and moves the watermark of every space to the newest change', async () => {
    source.put({ id: '100', version: 2, lastUpdated: hours(30) }, '<p>new</p>');
    source.put({ id: '200', spaceKey: 'ENG', lastUpdated: hours(31) });

    const { report } = await sync();

    expect(report.counts).toMatchObject({ updated: 1, created: 1 });
    expect(source.fetched).toEqual(['200', '100']);
    expect(watermarks()).toEqual([hours(31), hours(31)]);
  });

  test('finds changes however many answers they take', async () => {
    for (let at = 0; at < 20; at++)
      source.put({
        id: String(100 + at),
        spaceKey: at % 2 === 0 ? 'HR' : 'ENG',
        version: 2,
        lastUpdated: hours(40 + at),
      });

    expect((await sync()).report.counts.updated).toBe(20);
  });

  test.each(['cloud', 'datacenter'] as const)(
    'does not lose a page that is edited while the changes of a %s are read',
    async (deployment) => {
      deployedAs(deployment);
      for (let at = 0; at < 9; at++)
        source.put({
          id: String(100 + at),
          spaceKey: at % 2 === 0 ? 'HR' : 'ENG',
          version: 2,
          lastUpdated: hours(40 + at),
        });
      const original = source.fetchPages.bind(source);
      let edits = 0;
      Object.assign(source, {
        fetchPages: (...args: Parameters<typeof original>) => {
          // 110 has not been reached yet, and will lie behind the reader from now on.
          if (edits++ === 0)
            source.put({ id: '110', version: 2, lastUpdated: hours(60) }, '<p>in the middle</p>');
          return original(...args);
        },
      });

      await sync();

      expect(mirror.rows.get('110')).toMatchObject({ version: 2, storage: '<p>in the middle</p>' });
    },
  );

  test.each([
    ['cloud', 5 + 1],
    ['datacenter', 5],
  ] as const)('of a %s reads changes that take several answers in %d', async (deployment, answers) => {
    deployedAs(deployment);
    for (let at = 0; at < 13; at++)
      source.put({ id: String(100 + at), version: 2, lastUpdated: hours(40 + at) });

    const { report } = await sync();

    expect(report.counts.updated + report.counts.moved).toBe(13);
    expect(source.changeBatches).toBe(answers);
  });

  test('takes a change with the watermark’s own time', async () => {
    source.put({ id: '300', spaceKey: 'HR', lastUpdated: hours(19) });

    expect((await sync()).report.counts.created).toBe(1);
  });

  test('right after many edits reads no further than the answer that reaches what is known', async () => {
    const minutes = (count: number) => new Date(hours(40).getTime() + count * 60_000);
    for (let at = 0; at < 12; at++)
      source.put({
        id: String(100 + at),
        spaceKey: at % 2 === 0 ? 'HR' : 'ENG',
        version: 2,
        lastUpdated: minutes(at),
      });
    await sync();
    source.changeBatches = 0;

    await sync();

    expect(source.changeBatches).toBe(1);
  });

  test('reads on into what is known as long as it finds edits there that showed late', async () => {
    const minutes = (count: number) => new Date(hours(40).getTime() + count * 60_000);
    for (let at = 0; at < 6; at++)
      source.put({
        id: String(100 + at),
        spaceKey: at % 2 === 0 ? 'HR' : 'ENG',
        version: 2,
        lastUpdated: minutes(9 + at),
      });
    await sync();
    for (const [id, at] of [
      ['106', 13.5],
      ['108', 11.5],
      ['110', 8],
    ] as const)
      source.put({ id, spaceKey: 'HR', version: 2, lastUpdated: minutes(at) });

    expect((await sync()).report.counts.updated).toBe(3);
  });

  test('deletes nothing and asks for no proof', async () => {
    source.pages.delete('104');

    const { report } = await sync();

    expect(report.counts.deleted).toBe(0);
    expect(source.confirmed).toEqual([]);
  });

  test('lists a space whole that was never listed', async () => {
    source.spaces.push({ id: 'NEW', key: 'NEW', name: 'New', status: 'current' });
    source.put({ id: '400', spaceKey: 'NEW', lastUpdated: hours(-5_000) });

    const { report } = await sync();

    expect(report).toMatchObject({ mode: 'incremental', counts: { created: 1 } });
    expect(mirror.spaces.get('NEW')?.lastListedAt).not.toBeNull();
  });

  test('where the changes cannot be read, the spaces are listed whole', async () => {
    source.put({ id: '101', spaceKey: 'ENG', version: 2, lastUpdated: hours(30) });
    Object.assign(source, {
      listChanges: async function* () {
        yield await Promise.resolve({ kind: 'end', complete: false, reason: 'the fake has no search' });
      },
    });

    const { report } = await sync();

    expect(report).toMatchObject({
      mode: 'incremental',
      outcome: 'succeeded',
      counts: { updated: 1, listed: 20 },
    });
    expect(report.notes.join()).toContain('the fake has no search');
    expect(watermarks()).toEqual([hours(19), hours(30)]);
  });

  test('a page dated in the future hides no other page’s change', async () => {
    source.put({ id: '100', version: 2, lastUpdated: new Date('5000-01-01T00:00:00Z') });
    await sync({ mode: 'full' });
    const edited = new Date();
    source.put({ id: '101', spaceKey: 'ENG', version: 2, lastUpdated: edited });

    const { report } = await sync();

    expect(report.counts.updated).toBe(1);
    expect(mirror.rows.get('101')?.version).toBe(2);
  });

  test('a page met by both looks counts once', async () => {
    for (let at = 0; at < 8; at++)
      source.put({
        id: String(100 + at),
        version: 2,
        lastUpdated: hours(40),
        spaceKey: at % 2 === 0 ? 'HR' : 'ENG',
      });

    const { report } = await sync();

    expect(source.changeBatches).toBeGreaterThan(2);
    expect(report.counts).toMatchObject({ listed: 9, updated: 8, unchanged: 1 });
  });

  test('one bad page among few changed ones holds nothing', async () => {
    const failure = {
      kind: 'failure',
      id: '100',
      spaceKey: 'HR',
      title: null,
      version: 2,
      stage: 'parse',
    } as const;
    Object.assign(source, {
      listChanges: async function* () {
        const pages = [{ ...failure, code: 'null_body', message: 'body is null' }];
        yield await Promise.resolve({ kind: 'batch', pages });
        yield { kind: 'end', complete: true };
      },
    });

    expect((await sync()).report).toMatchObject({ outcome: 'partial', counts: { listed: 1, failed: 1 } });
  });

  test('a person’s run tries every page in quarantine again', async () => {
    source.failures.set('108', {
      kind: 'failure',
      id: '108',
      spaceKey: 'HR',
      title: null,
      version: 1,
      stage: 'parse',
      code: 'null_body',
      message: 'body is null',
    });
    mirror.rows.delete('108');
    await sync({ mode: 'full' });
    source.failures.clear();

    const { report } = await sync({ trigger: 'cli' });

    expect(report.counts).toMatchObject({ created: 1 });
    expect(mirror.failures.size).toBe(0);
  });

  test('a page that left quarantine with a version older than the stored one is stored', async () => {
    const failure = { kind: 'failure', id: '108', spaceKey: 'HR', title: null, version: 6 } as const;
    source.put({ id: '108', version: 5, lastUpdated: hours(8) }, '<p>the fifth</p>');
    await sync({ mode: 'full' });
    source.failures.set('108', { ...failure, stage: 'parse', code: 'null_body', message: 'body is null' });
    await sync({ mode: 'full' });
    source.failures.clear();
    source.put({ id: '108', version: 3, lastUpdated: hours(3) }, '<p>the third</p>');

    await sync();

    expect(mirror.rows.get('108')).toMatchObject({ version: 3, storage: '<p>the third</p>' });
    expect(mirror.failures.size).toBe(0);
  });
});

test('a full run sets the watermark to what was newest before it began', async () => {
  source.put({ id: '100', version: 2, lastUpdated: hours(50) });
  const original = source.listPages.bind(source);
  Object.assign(source, {
    listPages: (...args: Parameters<typeof original>) => {
      source.put({ id: '101', spaceKey: 'ENG', version: 2, lastUpdated: hours(70) });
      return original(...args);
    },
  });

  await sync({ mode: 'full' });

  expect(watermarks()).toEqual([hours(50), hours(50)]);
});

test('a full run needs no search', async () => {
  Object.assign(source, {
    listChanges: () => {
      throw new ConfluenceUnavailable('the search is down');
    },
  });

  const { report, error } = await sync({ mode: 'full' });

  expect(error).toBeNull();
  expect(report).toMatchObject({ outcome: 'succeeded', counts: { listed: 20 } });
});

test('a deep run fetches every body, and finds one that changed without a new version', async () => {
  source.put({ id: '100', lastUpdated: hours(0) }, '<p>changed in place</p>');

  const { report } = await sync({ mode: 'full', deep: true });

  expect(source.fetched).toHaveLength(20);
  expect(report.counts).toMatchObject({ updated: 1, unchanged: 19 });
  expect(mirror.rows.get('100')?.storage).toBe('<p>changed in place</p>');
});
