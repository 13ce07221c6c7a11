import { CredentialsRefused, LeaseTaken, SyncError } from '../sync/errors.ts';
import type { RunMode } from '../sync/report.ts';
import { runSync } from '../sync/run-sync.ts';
import { createAgenda, type Agenda } from './create-agenda.ts';
import { createAlarm } from './create-alarm.ts';
import { leaseIfDue } from './lease-if-due.ts';
import { probeCredentials } from './probe-credentials.ts';
import { startDelayMs } from './start-delay-ms.ts';
import type { WorkerParts } from './worker.ts';

const RUNS_TO_JUDGE_THE_START_BY = 20;

/**
 * Runs what is due whenever it is due, one run at a time, until `stop` aborts; then it returns as soon as the run at hand has
 * ended. Outages, another worker's lease and refused credentials are lived through; throws what a person must put right
 * (`WrongConfiguration`, `WrongSite`) and bugs.
 */
export async function runWorker(parts: WorkerParts, stop: AbortSignal): Promise<void> {
  const agenda = createAgenda(parts);
  const alarm = createAlarm(parts.plan, parts.clock, stop);
  try {
    await waitToBegin(parts, stop);
    for (;;) {
      await attempt(parts, agenda, stop);
      await alarm.wait();
      stop.throwIfAborted();
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    alarm.end();
  }
}

async function waitToBegin({ readJournal, clock, random, log, observer }: WorkerParts, stop: AbortSignal) {
  await surviving(log, async () => {
    const delay = startDelayMs(await readJournal(RUNS_TO_JUDGE_THE_START_BY), clock.now().getTime(), random);
    log.info({ delayMs: Math.round(delay) }, 'worker started');
    await clock.sleep(delay, stop);
  });
  await surviving(log, () => observer.settled());
}

/** Runs all that is due. */
async function attempt(parts: WorkerParts, agenda: Agenda, stop: AbortSignal): Promise<void> {
  for (;;) {
    const due = await lookAgain(parts, agenda);
    if (due === null) return;
    const startedAt = parts.clock.now();
    const error = await runOnce(parts, agenda, due, stop);
    stop.throwIfAborted();
    parts.observer.skipped('running', agenda.missedSince(startedAt));
    agenda.handle(due);
    if (error !== null) await live(parts, agenda, error, stop);
    await surviving(parts.log, () => parts.observer.settled());
  }
}

/** A journal that cannot be read now is read again at the next tick. */
async function lookAgain(parts: WorkerParts, agenda: Agenda): Promise<RunMode | null> {
  try {
    return await agenda.look();
  } catch (error) {
    if (!(error instanceof SyncError) || error.advice !== 'retry_later') throw error;
    parts.log.warn({ reason: error.message }, 'what is due cannot be told');
    parts.observer.skipped('unavailable', 1);
    agenda.handle('full');
    return null;
  }
}

/** A run; its own error, or null. */
async function runOnce(
  parts: WorkerParts,
  agenda: Agenda,
  due: RunMode,
  stop: AbortSignal,
): Promise<SyncError | null> {
  const terms = { isStillDue: () => agenda.isStillDue(), leaseHeld: parts.observer.leaseHeld, stop };
  const lease = leaseIfDue(parts.sync.lease, terms);
  const mode = due === 'full' ? 'full' : 'auto';
  try {
    const result = await runSync({ ...parts.sync, lease }, { ...parts.request, mode }, stop);
    agenda.remember(result.report);
    await parts.observer.ended(result);
    return result.error;
  } catch (error) {
    if (error instanceof SyncError) return error;
    throw error;
  }
}

/** Goes on after a failure, or throws where a worker cannot. */
async function live(parts: WorkerParts, agenda: Agenda, error: SyncError, stop: AbortSignal): Promise<void> {
  const { log, observer } = parts;
  if (error.advice === 'configure') throw error;
  const facts = { error: error.name, reason: error.message };
  if (error instanceof LeaseTaken) observer.skipped('lease', 1);
  if (error.advice === 'wait_for_other_run') log.info(facts, 'another worker runs');
  else log.warn(facts, 'run failed, the next is tried when it is due');
  if (!(error instanceof CredentialsRefused)) return;
  observer.credentialsRefused(true);
  const since = parts.clock.now();
  await probeCredentials({ ...parts, source: parts.sync.source, anonymous: parts.request.anonymous }, stop);
  observer.skipped('credentials', agenda.missedSince(since));
  observer.credentialsRefused(false);
  log.info({}, 'confluence takes the credentials again');
  agenda.forgetHandled();
}

/** What is only nice to have must not end the worker while the database is away. */
async function surviving(log: WorkerParts['log'], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SyncError) || error.advice !== 'retry_later') throw error;
    log.warn({ reason: error.message }, 'the database does not answer');
  }
}
