import { readCrashes } from './crashes.ts';
import {
  ConfluenceUnavailable,
  CredentialsRefused,
  IdentityChanged,
  WrongConfiguration,
  type SyncError,
} from './errors.ts';
import { attempt, closeRun, openRun } from './journal-run.ts';
import { recheckRoots } from './locate-roots.ts';
import { planSpaces } from './plan-spaces.ts';
import { readQuarantine, settleQuarantine } from './quarantine.ts';
import { applyDeletions, holdAllForOne, proveDeletions } from './reconcile.ts';
import { rehashStale } from './rehash-stale.ts';
import type { RunReport } from './report.ts';
import type { Run, SpaceRun, SyncParts, SyncRequest } from './run.ts';
import type { Identity } from './source.ts';
import { settleCondemned } from './settle-condemned.ts';
import { findNewestChange, retryQuarantined, syncChanges } from './sync-changes.ts';
import { syncSpace } from './sync-space.ts';

/**
 * A run that began has a report, whatever became of it; `error` says why it failed, `entered` how many pages are newly in
 * quarantine.
 */
export type SyncResult = Readonly<{ report: RunReport; error: SyncError | null; entered: number }>;

/**
 * Runs one sync under the lease. Throws `LeaseTaken` when another run holds it, and what the database says when it cannot
 * even be asked; every later failure of ours is in the result. `stop` ends the run at once, its reason becomes the error.
 */
export async function runSync(
  parts: SyncParts,
  request: SyncRequest,
  stop: AbortSignal,
): Promise<SyncResult> {
  const grant = await parts.lease.acquire();
  try {
    const run = await openRun(parts, request, AbortSignal.any([stop, grant.lost]));
    const error = await attempt(run, async () => {
      await syncSite(run);
      await settleCondemned(run);
    });
    return await closeRun(run, error);
  } finally {
    await grant.release();
  }
}

/** The straight line. */
async function syncSite(run: Run): Promise<void> {
  const { source, store } = run.parts;
  const site = await source.site(run.signal, await store.site());
  await store.bindSite(site);
  const who = await whoAreWe(run);
  await rehashStale(run);
  await readCrashes(run);
  await readQuarantine(run);
  await planSpaces(run);
  await walkSpaces(run);
  if (run.mode === 'incremental' && site.deployment === 'datacenter')
    run.notes.push('Data Center’s search lags and shows nothing archived: that waits for the next full run');
  assertSomethingRead(run);
  if (holdForFailures(run)) return;
  if (run.mode === 'full') {
    run.subtree.forget();
    await recheckRoots(run);
    for (const state of run.spaces) await proveDeletions(run, state, who);
    holdAllForOne(run);
  }
  await sameAsBefore(run, who);
  if (run.mode === 'full') {
    for (const state of run.spaces) await applyDeletions(run, state);
    await settleQuarantine(run);
  }
  while (await store.tidy()) run.signal.throwIfAborted();
}

/** An incremental run reads the changes of the spaces it knows whole, all at once; any other space is listed. */
async function walkSpaces(run: Run): Promise<void> {
  const shown = run.spaces.filter((state) => state.kind === 'walked');
  const isByChanges = (state: SpaceRun) =>
    run.mode === 'incremental' && state.watermarkBefore !== null && !state.listWhole;
  const listed = shown.filter((state) => !isByChanges(state));
  const changing = shown.filter(isByChanges);
  if (listed.length > 0)
    run.newestBefore.time = await findNewestChange(
      run,
      listed.map((state) => state.space),
    );
  for (const state of listed) await syncSpace(run, state);
  if (changing.length > 0) await followChanges(run, changing);
  if (run.mode === 'incremental') await retryQuarantined(run, shown);
}

async function whoAreWe(run: Run): Promise<Identity> {
  const who = await run.parts.source.whoAmI(run.signal);
  if (who.kind === 'anonymous' && !run.request.anonymous)
    throw new CredentialsRefused(
      'Confluence answers as if there were no credentials: check the user and the token, or set CONFLUENCE_ANONYMOUS=true to read a public site',
    );
  return who;
}

async function sameAsBefore(run: Run, before: Identity): Promise<void> {
  const after = await run.parts.source.whoAmI(run.signal);
  if (accountOf(after) === accountOf(before)) return;
  throw new IdentityChanged(
    `the credentials were ${accountOf(before)} at the start of the run and ${accountOf(after)} at its end: nothing was deleted, run it again`,
  );
}

function accountOf(who: Identity): string {
  return who.kind === 'user' ? `user ${who.id}` : who.kind;
}

/** Where the changes of spaces cannot be read, the spaces themselves are. */
async function followChanges(run: Run, states: readonly SpaceRun[]): Promise<void> {
  const broken = await syncChanges(run, states);
  if (broken === null) return;
  run.notes.push(`the changes could not be read (${broken}): the spaces were listed whole instead`);
  run.parts.log.warn({ runId: run.runId, reason: broken }, 'changes could not be read, listing the spaces');
  for (const state of states) await syncSpace(run, state);
}

/** A run that could read nothing is no success, however politely Confluence answered. */
function assertSomethingRead(run: Run): void {
  const walked = run.spaces.filter((state) => state.kind === 'walked');
  const [first] = walked;
  if (walked.some((state) => state.listing === 'complete' || state.readOn === true)) return;
  if (first !== undefined)
    throw new ConfluenceUnavailable(
      `none of ${walked.length} spaces could be read whole (${first.space.key}: ${first.reason ?? 'no reason given'}): nothing was deleted, the next run tries again`,
    );
  run.hold.nothingShown = run.spaces.some((state) => state.kind === 'vanished');
  if (run.hold.nothingShown || run.spaces.length > 0) return;
  throw new WrongConfiguration(
    `Confluence shows nothing wanted to these credentials: ${run.notes.join('; ') || 'give the account access to a space, or correct CONFLUENCE_SPACES'}`,
  );
}

/** What is healthy is stored all the same; with too many bad pages nothing is deleted and a person has to look. */
function holdForFailures(run: Run): boolean {
  const { failed, listed } = run.total.counts();
  // An incremental run meets few pages: its bad ones are measured by what it keeps up to date.
  const known = run.spaces.reduce((pages, state) => pages + state.pagesBefore, 0);
  const pages = run.mode === 'incremental' ? Math.max(listed, known) : listed;
  run.hold.quarantine = failed > pages * run.request.guards.quarantineMaxShare;
  if (run.hold.quarantine)
    run.notes.push(
      `${failed} of ${pages} pages are bad, more than QUARANTINE_MAX_SHARE allows: nothing was deleted, see the failures`,
    );
  return run.hold.quarantine;
}
