import { expect, test } from '@jest/globals';
import { runSync } from '../../../src/sync/run-sync.ts';
import { createFakeSource } from '../../support/fake-source.ts';
import { blindObserver as observer, fullRequest } from '../../support/full-request.ts';
import { createMemoryMirror } from '../../support/memory-mirror.ts';
import { quietLog, realClock } from '../../support/test-clock.ts';

test('a page that moved to another space and is bad there counts once', async () => {
  const source = createFakeSource(['HR', 'ENG']);
  const mirror = createMemoryMirror();
  const parts = { ...mirror, source, clock: realClock, log: quietLog, observer };
  const request = { ...fullRequest, guards: { ...fullRequest.guards, quarantineMaxShare: 1 } };
  const sync = () => runSync(parts, request, new AbortController().signal);
  for (const id of ['1', '2', '3']) source.put({ id });
  await sync();
  source.failures.set('2', {
    ...{ kind: 'failure', id: '2', spaceKey: 'ENG', title: null, version: null },
    ...{ stage: 'parse', code: 'missing_version', message: 'page 2 has no version number' },
  });
  source.presences.set('2', { kind: 'live', spaceKey: 'ENG', status: 'current' });

  const { report } = await sync();

  expect(report.counts).toMatchObject({ listed: 3, unchanged: 2, failed: 1, deleted: 0 });
  expect(mirror.rows.get('2')).toMatchObject({ deleted: false });
});
