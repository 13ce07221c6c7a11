import { beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { runSync, type SyncResult } from '../../../src/sync/run-sync.ts';
import { createFakeSource, type FakeSource } from '../../support/fake-source.ts';
import { blindObserver as observer, fullRequest } from '../../support/full-request.ts';
import { createMemoryMirror, type MemoryMirror } from '../../support/memory-mirror.ts';
import { quietLog, realClock } from '../../support/test-clock.ts';

const DEADLY = '150';
const ids = Array.from({ length: 300 }, (_, at) => String(at + 1));

let source: FakeSource;
let mirror: MemoryMirror;

beforeEach(() => {
  source = createFakeSource(['HR'], 250);
  mirror = createMemoryMirror();
  for (const id of ids) source.put({ id });
  // The listing that carries bodies killed the worker before this one.
  mirror.journal.runs.push({ outcome: 'running', report: null });
});

async function sync(around: FakeSource = source): Promise<SyncResult> {
  const parts = { ...mirror, source: around, clock: realClock, log: quietLog, observer };
  return await runSync(parts, fullRequest, new AbortController().signal);
}

/** A run that ends at the page as a killed process does: without a word. Returns the slices of pages it fetched. */
async function dieOver(deadly: string): Promise<readonly (readonly string[])[]> {
  const slices: (readonly string[])[] = [];
  const death = new Promise<void>((resolve) => {
    const deadlySource: FakeSource = {
      ...source,
      fetchPages: (slice, signal) => {
        slices.push(slice);
        if (!slice.includes(deadly)) return source.fetchPages(slice, signal);
        resolve();
        return new Promise(() => undefined);
      },
    };
    void sync(deadlySource);
  });
  await death;
  await setTimeout(20);
  mirror.lease.taken = false;
  return slices;
}

async function dieThrice(): Promise<readonly (readonly (readonly string[])[])[]> {
  return [await dieOver(DEADLY), await dieOver(DEADLY), await dieOver(DEADLY)];
}

async function quarantine(): Promise<void> {
  await dieThrice();
  await dieOver(DEADLY);
  mirror.pausing.add(DEADLY);
  await sync();
}

describe('a page that kills every worker that works on it', () => {
  test('P6 is alone at the third death, and in quarantine when all others are stored', async () => {
    const [first, second, third] = await dieThrice();
    const fourth = await dieOver(DEADLY);

    expect(first?.at(-1)).toHaveLength(200);
    expect(second?.at(-1)).toHaveLength(15);
    expect(third?.at(-1)).toEqual([DEADLY]);
    expect(fourth.at(-1)).toEqual([DEADLY]);
    expect([...mirror.failures.values()]).toMatchObject([
      { id: DEADLY, spaceKey: 'HR', title: 'Page 150', version: 1, stage: 'content', code: 'worker_crashed' },
    ]);
    expect([...mirror.rows.keys()].sort()).toEqual(ids.filter((id) => id !== DEADLY).sort());
  });

  test('is not touched while its pause lasts, and counts as failed', async () => {
    await quarantine();
    source.fetched.length = 0;

    const { report, entered } = await sync();

    expect(source.fetched).toEqual([]);
    expect([report.counts, entered]).toMatchObject([{ listed: 300, unchanged: 299, failed: 1 }, 0]);
    expect(mirror.failures.has(DEADLY)).toBe(true);
  });

  test('has one more chance when its pause is over, alone, and goes back at one more death', async () => {
    await quarantine();
    mirror.pausing.clear();

    const slices = await dieOver(DEADLY);
    const { report } = await sync();

    expect(slices).toEqual([[DEADLY]]);
    expect(report.counts).toMatchObject({ unchanged: 299, failed: 1 });
  });

  test('is stored as soon as it was edited and kills no more', async () => {
    await quarantine();
    source.put({ id: DEADLY, version: 2 });

    const { report } = await sync();

    expect(report.counts).toMatchObject({ listed: 300, unchanged: 299, created: 1, failed: 0 });
  });
});

describe('no page is blamed', () => {
  test('for three deaths from outside while it was in hand', async () => {
    await dieThrice();

    const { report } = await sync();

    expect(report).toMatchObject({ outcome: 'succeeded', counts: { listed: 300, failed: 0 } });
    expect([mirror.rows.has(DEADLY), mirror.failures.size]).toEqual([true, 0]);
  });

  test('for a run that failed and said so', async () => {
    for (let run = 0; run < 4; run++) {
      const failing: FakeSource = { ...source, fetchPages: () => Promise.reject(new TypeError('a bug')) };
      await expect(sync(failing)).rejects.toThrow('a bug');
    }

    const { report } = await sync();

    expect(report).toMatchObject({ outcome: 'succeeded', counts: { created: 300 } });
  });

  test('for deaths with a whole run in between', async () => {
    await dieOver(DEADLY);
    await dieOver(DEADLY);
    await sync();
    for (const id of ids) source.put({ id, version: 2 });

    const slices = await dieOver(DEADLY);

    expect(slices.at(-1)?.length).toBeGreaterThan(1);
  });
});
