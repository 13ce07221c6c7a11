import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../sync/ambient.ts';
import type { PageCounts, RunMode, RunReport } from '../sync/report.ts';
import type { ApiCounts } from '../sync/source.ts';
import { addSourceMetrics } from './source-metrics.ts';

/** The numbers of a worker, in its own registry. No label comes from Confluence: their number is bounded. */
export interface Metrics {
  /** A run ended. */
  ended: (report: RunReport) => void;
  /** So many due moments made no run. */
  skipped: (reason: string, ticks: number) => void;
  leaseHeld: (held: boolean) => void;
  credentialsRefused: (refused: boolean) => void;
  /** What waits for a person or another try. */
  mirror: (state: Readonly<{ quarantined: number; heldSpaces: number }>) => void;
  /** When a run of this mode last did its work, in milliseconds since 1970; an earlier moment than known is ignored. */
  succeeded: (mode: RunMode, at: number) => void;
  expose: () => Promise<Readonly<{ type: string; text: string }>>;
}

const PREFIX = 'confluence_sync_';
const PAGE_LABELS: readonly (keyof PageCounts)[] = [
  'listed',
  'unchanged',
  'fetched',
  'created',
  'updated',
  'moved',
  'deleted',
  'restored',
  'failed',
];
const SECONDS = [0.5, 1, 5, 15, 60, 300, 900, 3_600, 4 * 3_600, 12 * 3_600];

/** Makes the metrics; `counts` is what the source has cost so far. */
export function createMetrics(clock: Clock, counts: () => ApiCounts): Metrics {
  const registers = [new Registry()] as const;
  const [registry] = registers;
  const named = (name: string, help: string) => ({
    name: `${PREFIX}${name}`,
    help,
    registers: [...registers],
  });
  const runs = new Counter({ ...named('runs_total', 'Runs that ended'), labelNames: ['mode', 'outcome'] });
  const pages = new Counter({
    ...named('pages_total', 'Pages by what became of them'),
    labelNames: ['result'],
  });
  const seconds = new Histogram({
    ...named('run_duration_seconds', 'How long runs took'),
    labelNames: ['mode'],
    buckets: SECONDS,
  });
  const skipped = new Counter({
    ...named('skipped_ticks_total', 'Due moments without a run of their own'),
    labelNames: ['reason'],
  });
  const lease = new Gauge(named('lease_held', 'Whether this worker holds the lease'));
  const refused = new Gauge(named('credentials_refused', 'Whether Confluence refuses the credentials'));
  const quarantined = new Gauge(named('quarantined_pages', 'Pages in quarantine'));
  const held = new Gauge(named('held_spaces', 'Spaces whose deletions wait for a person'));
  const succeeded = addSuccessAge(named, clock);
  addSourceMetrics(named, counts);
  collectDefaultMetrics({ register: registry });

  return {
    ended: ({ mode, outcome, counts: counted, duration_ms: ms }) => {
      runs.inc({ mode, outcome });
      seconds.observe({ mode }, ms / 1000);
      for (const result of PAGE_LABELS) pages.inc({ result }, counted[result]);
    },
    skipped: (reason, ticks) => {
      skipped.inc({ reason }, ticks);
    },
    leaseHeld: (isHeld) => {
      lease.set(Number(isHeld));
    },
    credentialsRefused: (areRefused) => {
      refused.set(Number(areRefused));
    },
    mirror: (state) => {
      quarantined.set(state.quarantined);
      held.set(state.heldSpaces);
    },
    succeeded,
    expose: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}

/** Makes a metric's name, help and registry. */
export type Named = (
  name: string,
  help: string,
) => Readonly<{ name: string; help: string; registers: Registry[] }>;

/** A full run does all that an incremental one does, so it renews both ages. There is no age before the first success. */
function addSuccessAge(named: Named, clock: Clock): Metrics['succeeded'] {
  const last = new Map<RunMode, number>();
  const age = new Gauge({
    ...named('last_success_age_seconds', 'Time since a run of this mode last did its work'),
    labelNames: ['mode'],
    collect: () => {
      for (const [mode, at] of last) age.set({ mode }, Math.max(0, clock.now().getTime() - at) / 1000);
    },
  });
  return (mode, at) => {
    const renewed: readonly RunMode[] = mode === 'full' ? ['full', 'incremental'] : ['incremental'];
    for (const each of renewed) last.set(each, Math.max(at, last.get(each) ?? 0));
  };
}
