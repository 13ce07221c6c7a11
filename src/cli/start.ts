import type { Command } from 'commander';
import type { Config } from '../config/load-config.ts';
import type { ConfluenceSource } from '../confluence/create-confluence-source.ts';
import type { Database } from '../postgres/open-database.ts';
import { createApp } from '../server/create-app.ts';
import { createMetrics, type Metrics } from '../server/create-metrics.ts';
import { createReadiness } from '../server/create-readiness.ts';
import { startServer } from '../server/start-server.ts';
import type { Log } from '../sync/ambient.ts';
import { endInTime } from '../worker/end-in-time.ts';
import { keepTrying } from '../worker/keep-trying.ts';
import { parseSchedule } from '../worker/parse-schedule.ts';
import { pastRuns } from '../worker/past-runs.ts';
import { runWorker } from '../worker/run-worker.ts';
import type { Plan } from '../worker/schedule.ts';
import { untilStopped } from '../worker/until-stopped.ts';
import type { WorkerObserver } from '../worker/worker.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { notify } from './notify.ts';
import { openMirror } from './open-mirror.ts';
import { openSource } from './open-source.ts';
import { prepare } from './prepare.ts';
import { SILENT } from './progress.ts';
import { requestOf } from './request-of.ts';

/** From the signal to the end: the run may end its batch, then the rest is closed in what remains of five seconds. */
const RUN_GRACE_MS = 3_000;
const CLOSE_GRACE_MS = 750;
const RUNS_TO_REMEMBER = 20;
/** What a person may ask for by hand is never done unattended. */
const UNATTENDED = {
  trigger: 'schedule',
  dryRun: false,
  deep: false,
  acceptDeletes: false,
  onlySpaces: [],
} as const;

/** What the parts of a running worker share. `mirror` is null until the database is open and its tables are made. */
type Worker = Readonly<{
  context: CliContext;
  config: Config;
  log: Log;
  plan: Plan;
  source: ConfluenceSource;
  metrics: Metrics;
  state: { mirror: Database | null; refused: boolean };
}>;

/** `start`: the scheduled worker with its server, until told to stop. */
export function addStart(program: Command, context: CliContext): void {
  program
    .command('start')
    .description('keep the mirror up to date on a schedule, until told to stop')
    .action(async () => {
      await start(context);
      context.exit.code = EXIT.done;
    });
}

async function start(context: CliContext): Promise<void> {
  const { config, log } = prepare(context, ['confluence', 'database', 'worker']);
  const plan = readPlan(config);
  const source = openSource(config, log, context);
  try {
    const metrics = createMetrics(context.clock, () => source.counts());
    const state = { mirror: null, refused: false };
    await serve({ context, config, log, plan, source, metrics, state });
  } finally {
    source.close();
  }
}

function readPlan({ values }: Config): Plan {
  return {
    incremental: parseSchedule('SYNC_CRON', values.SYNC_CRON, values.SYNC_TIMEZONE),
    full: parseSchedule('RECONCILE_CRON', values.RECONCILE_CRON, values.SYNC_TIMEZONE),
  };
}

async function serve(worker: Worker): Promise<void> {
  const { context, config, log, metrics } = worker;
  const { HTTP_HOST: host, HTTP_PORT: port, HTTP_TOKEN: token } = config.values;
  const readiness = createReadiness(checksOf(worker), context.clock);
  const app = createApp({ admission: { host, token }, readiness, metrics: metrics.expose, log });
  const server = await startServer(app, host, port);
  log.info({ host, port: server.port }, 'server listening');
  try {
    await work(worker);
  } finally {
    await server.close();
    log.info({}, 'worker ended');
  }
}

function checksOf({ state }: Worker) {
  return {
    database: async () => {
      if (state.mirror === null) return 'database: not open yet';
      const { pending, unknown } = await state.mirror.migrator.status();
      if (unknown.length > 0) return 'database: the schema is newer than this program';
      return pending.length > 0 ? 'database: migrations are pending' : null;
    },
    credentials: () => Promise.resolve(state.refused ? 'credentials: Confluence refuses them' : null),
  };
}

async function work(worker: Worker): Promise<void> {
  const { context, log, state } = worker;
  const { clock, stop } = context;
  const mirror = await begin(worker);
  if (mirror === null) return;
  try {
    state.mirror = mirror;
    const ended = await endInTime(follow(worker, mirror), RUN_GRACE_MS, clock, stop);
    if (!ended) log.warn({ graceMs: RUN_GRACE_MS }, 'the run did not end in time and is cut off');
  } finally {
    state.mirror = null;
    await endInTime(mirror.close(), CLOSE_GRACE_MS, clock, stop);
  }
}

/** Opens the database and makes its tables, however long the database is away; null when told to stop before. */
async function begin(worker: Worker): Promise<Database | null> {
  const { context, log } = worker;
  try {
    return await keepTrying(() => openMigrated(worker), { ...context, log }, context.stop);
  } catch (error) {
    if (context.stop.aborted) return null;
    throw error;
  }
}

async function openMigrated({ config, log, context }: Worker): Promise<Database> {
  const mirror = await untilStopped(context.stop, openMirror(config, log, context), (late) => late.close());
  try {
    const proved = mirror.migrator.up().then(() => mirror.check());
    await untilStopped(context.stop, proved, () => Promise.resolve());
    return mirror;
  } catch (error) {
    await endInTime(mirror.close(), CLOSE_GRACE_MS, context.clock, context.stop);
    throw error;
  }
}

async function follow(worker: Worker, mirror: Database): Promise<void> {
  const { context, config, log, plan, source } = worker;
  const { clock, random } = context;
  await runWorker(
    {
      ...{ plan, clock, random, log },
      syncOnStart: config.values.SYNC_ON_START,
      sync: { ...mirror, source, clock, log, observer: SILENT.observer },
      request: { ...requestOf(config), ...UNATTENDED },
      readJournal: (limit) => mirror.queries.lastRuns(limit),
      observer: observe(worker, mirror),
    },
    context.stop,
  );
}

function observe({ metrics, state, config, context, log }: Worker, mirror: Database): WorkerObserver {
  const { NOTIFY_WEBHOOK_URL: webhook } = config.values;
  return {
    skipped: metrics.skipped,
    ended: async (result) => {
      metrics.ended(result.report);
      await notify(webhook, result, { clock: context.clock, log }, context.stop);
    },
    leaseHeld: metrics.leaseHeld,
    credentialsRefused: (refused) => {
      state.refused = refused;
      metrics.credentialsRefused(refused);
    },
    // Read from the tables, for other workers and people write them too.
    settled: async () => {
      const spaces = await mirror.queries.spaceSummaries();
      const quarantined = spaces.reduce((sum, { failed }) => sum + failed, 0);
      metrics.mirror({ quarantined, heldSpaces: spaces.filter(({ held }) => held !== null).length });
      for (const { mode, finishedAt } of pastRuns(await mirror.queries.lastRuns(RUNS_TO_REMEMBER)))
        metrics.succeeded(mode, finishedAt);
    },
  };
}
