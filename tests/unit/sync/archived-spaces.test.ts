import { beforeEach, expect, test } from '@jest/globals';
import type { PageFailure } from '../../../src/sync/page.ts';
import { runSync, type SyncResult } from '../../../src/sync/run-sync.ts';
import type { SyncRequest } from '../../../src/sync/run.ts';
import { createFakeSource, type FakeSource } from '../../support/fake-source.ts';
import { blindObserver as observer, fullRequest } from '../../support/full-request.ts';
import { createMemoryMirror, type MemoryMirror } from '../../support/memory-mirror.ts';
import { quietLog, realClock } from '../../support/test-clock.ts';

const failure: PageFailure = {
  ...{ kind: 'failure', id: '2', spaceKey: 'HR', title: null, version: 1 },
  ...{ stage: 'parse', code: 'null_body', message: 'body is null' },
};

let source: FakeSource;
let mirror: MemoryMirror;

beforeEach(() => {
  source = createFakeSource(['HR']);
  mirror = createMemoryMirror();
  source.spaces.push({ id: 'OLD', key: 'OLD', name: 'Old', status: 'archived' });
  for (const id of ['1', '2', '3']) source.put({ id });
});

/** A run that leaves archived spaces out. */
async function sync(mode: SyncRequest['mode'] = 'full'): Promise<SyncResult> {
  const parts = { ...mirror, source, clock: realClock, log: quietLog, observer };
  const scope = { ...fullRequest.scope, archived: 'exclude' as const };
  const request = { ...fullRequest, mode, scope, guards: { ...fullRequest.guards, quarantineMaxShare: 1 } };
  return await runSync(parts, request, new AbortController().signal);
}

test('a page that moved into a space left out as archived leaves the mirror', async () => {
  await sync();
  source.put({ id: '2', spaceKey: 'OLD' });

  await sync();

  expect(mirror.rows.get('2')).toMatchObject({ deleted: true, deletedReason: 'out_of_scope' });
});

test('a page in quarantine is not taken in from a space left out as archived', async () => {
  source.failures.set('2', failure);
  await sync();
  source.failures.clear();
  source.put({ id: '2', spaceKey: 'OLD' });

  await sync('incremental');

  expect(mirror.rows.has('2')).toBe(false);
});

test('a page in quarantine that moved into a space left out as archived leaves the quarantine', async () => {
  source.failures.set('2', failure);
  await sync();
  source.failures.clear();
  source.put({ id: '2', spaceKey: 'OLD' });

  await sync();

  expect([...mirror.failures.keys()]).toEqual([]);
});
