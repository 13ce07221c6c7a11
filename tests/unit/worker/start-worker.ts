import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '../../support/mirror.ts';
import { startCli, type CliResult } from '../../support/run-cli.ts';

/** One line of the log. */
export type LogLine = Readonly<Record<string, unknown> & { msg: string }>;

/** A worker that runs as a process of its own. */
export type WorkerProcess = Readonly<{
  pid: number;
  log: readonly LogLine[];
  ended: Promise<CliResult>;
  signal: (name: NodeJS.Signals) => void;
  /** Stops reading what it prints. */
  closePipes: () => void;
  /** Waits for the nth line with this message. */
  said: (message: string, times?: number) => Promise<LogLine>;
  get: (path: string) => Promise<Readonly<{ status: number; body: string }>>;
  /** Sends a signal and tells the exit code and how long the end took. */
  end: (name: NodeJS.Signals) => Promise<Readonly<{ code: number | null; ms: number; stderr: string }>>;
}>;

/** Nothing is due but what a test asks for. */
export const NEVER = '0 0 29 2 *';

const SETTINGS = {
  CONFLUENCE_ACCESS_TOKEN: 'tests-token',
  SYNC_CRON: NEVER,
  RECONCILE_CRON: NEVER,
  HTTP_PORT: '0',
  LOG_LEVEL: 'info',
  LOG_FORMAT: 'json',
};

/** Starts the real program as a worker. */
export function startWorker(environment: Readonly<Record<string, string>>): WorkerProcess {
  const { child, ended } = startCli(['start'], { ...SETTINGS, ...environment });
  const log: LogLine[] = [];
  let rest = '';
  child.stderr?.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    log.push(...lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine));
  });
  const said = (message: string, times = 1): Promise<LogLine> =>
    until<LogLine>(() => {
      if (child.exitCode !== null) throw new Error(`the worker ended before it said "${message}"`);
      return log.filter(({ msg }) => msg === message)[times - 1];
    });
  return {
    pid: child.pid ?? 0,
    log,
    ended,
    said,
    signal: (name) => child.kill(name),
    closePipes: () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
    get: async (path) => {
      const { port } = await said('server listening');
      const answer = await fetch(`http://127.0.0.1:${String(port)}${path}`);
      return { status: answer.status, body: await answer.text() };
    },
    end: async (name) => {
      const from = performance.now();
      child.kill(name);
      const { code, stderr } = await ended;
      return { code, ms: performance.now() - from, stderr };
    },
  };
}

/** Asks again and again until there is an answer; fails after 30 seconds. */
export async function until<Value extends object | true>(
  ask: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value> {
  const end = performance.now() + 30_000;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(25);
  }
  throw new Error('it did not happen within 30 seconds');
}

/** A run as the journal shows it. */
export type JournaledRun = Readonly<{
  mode: string;
  outcome: string;
  started_at: Date;
  finished_at: Date | null;
}>;

/** The journal, oldest first. */
export async function journal(databaseUrl: string): Promise<JournaledRun[]> {
  return await query(
    databaseUrl,
    'select mode, outcome, started_at, finished_at from confluence_sync_runs order by started_at',
  );
}

/** Whether nobody holds the lease. */
export async function leaseIsFree(databaseUrl: string): Promise<boolean> {
  const rows = await query<{ lease_holder: string | null }>(
    databaseUrl,
    'select lease_holder from confluence_sync_state',
  );
  return rows.every((row) => row.lease_holder === null);
}
