import { describe, expect, test } from '@jest/globals';
import { createMetrics } from '../../../src/server/create-metrics.ts';
import type { Clock } from '../../../src/sync/ambient.ts';
import type { RunReport } from '../../../src/sync/report.ts';
import { realClock } from '../../support/test-clock.ts';

const NOW = Date.parse('2026-05-05T12:00:00Z');
const clock: Clock = { ...realClock, now: () => new Date(NOW) };
const counts = { requests: 14, retries: 2, waitedMs: 7500, bytes: 1000 };
const report: RunReport = {
  run_id: 'canary-run',
  mode: 'full',
  trigger: 'schedule',
  outcome: 'partial',
  counts: {
    listed: 10,
    unchanged: 3,
    fetched: 7,
    created: 4,
    updated: 1,
    moved: 1,
    deleted: 2,
    restored: 0,
    failed: 1,
  },
  api: { requests: 1, retries: 0, waited_ms: 0, bytes: 0 },
  spaces: [{ key: 'CANARY', listing: 'complete', counts: {} as RunReport['counts'] }],
  notes: ['canary'],
  started_at: '2026-05-05T11:59:00Z',
  finished_at: '2026-05-05T12:00:00Z',
  duration_ms: 60_000,
};

async function samplesOf(act: (metrics: ReturnType<typeof createMetrics>) => void): Promise<string[]> {
  const metrics = createMetrics(clock, () => counts);
  act(metrics);
  const { text } = await metrics.expose();
  return text.split('\n').filter((line) => !line.startsWith('#'));
}

describe('the metrics', () => {
  test('show a run by mode and outcome, its pages and its time', async () => {
    const samples = await samplesOf((metrics) => {
      metrics.ended(report);
      metrics.ended(report);
    });

    expect(samples).toEqual(
      expect.arrayContaining([
        'confluence_sync_runs_total{mode="full",outcome="partial"} 2',
        'confluence_sync_pages_total{result="created"} 8',
        'confluence_sync_pages_total{result="failed"} 2',
        'confluence_sync_run_duration_seconds_sum{mode="full"} 120',
      ]),
    );
  });

  test('name no run, space, page or note', async () => {
    const samples = await samplesOf((metrics) => {
      metrics.ended(report);
    });

    expect(samples.join('\n')).not.toMatch(/canary/i);
  });

  test('read the cost of the source at each scrape', async () => {
    let requests = 14;
    const metrics = createMetrics(clock, () => ({ ...counts, requests }));
    await metrics.expose();
    requests = 20;

    const { text } = await metrics.expose();

    expect(text).toContain('\nconfluence_sync_source_requests_total 20\n');
    expect(text).toContain('\nconfluence_sync_source_retries_total 2\n');
    expect(text).toContain('\nconfluence_sync_source_waited_seconds_total 7.5\n');
  });

  test('show the age of the last success by mode, a full run counting as both', async () => {
    const samples = await samplesOf((metrics) => {
      metrics.succeeded('full', NOW - 60_000);
      metrics.succeeded('incremental', NOW - 5_000);
      metrics.succeeded('incremental', NOW - 90_000);
    });

    expect(samples).toContain('confluence_sync_last_success_age_seconds{mode="full"} 60');
    expect(samples).toContain('confluence_sync_last_success_age_seconds{mode="incremental"} 5');
  });

  test('show no age before the first success', async () => {
    const samples = await samplesOf(() => undefined);

    expect(samples.join('\n')).not.toContain('last_success_age_seconds{');
  });

  test('show the lag of the event loop, the lease, the quarantine and what is held', async () => {
    const samples = await samplesOf((metrics) => {
      metrics.leaseHeld(true);
      metrics.mirror({ quarantined: 3, heldSpaces: 1 });
      metrics.skipped('running', 2);
    });

    for (const sample of [
      'confluence_sync_lease_held 1',
      'confluence_sync_quarantined_pages 3',
      'confluence_sync_held_spaces 1',
      'confluence_sync_skipped_ticks_total{reason="running"} 2',
    ])
      expect(samples).toContain(sample);
    expect(samples.some((sample) => sample.startsWith('nodejs_eventloop_lag_seconds '))).toBe(true);
  });
});
