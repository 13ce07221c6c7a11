import { SyncError } from './errors.ts';
import type { PageFailure } from './page.ts';
import type { Run } from './run.ts';

/** Workers that die over one page in a row before it goes to quarantine. */
const MOST_CRASHES = 3;

type FailedPage = Pick<PageFailure, 'id' | 'spaceKey' | 'title' | 'version'>;

/** Pages worked on together once a worker died over one of them. */
const FEW = 15;
/** The code of a page that workers died over. */
export const WORKER_CRASHED = 'worker_crashed';

/** Reads over which pages the workers before this one died. */
export async function readCrashes(run: Run): Promise<void> {
  const counts = await run.parts.store.countCrashes();
  for (const [id, crashes] of counts) {
    run.crashes.set(id, crashes);
    run.parts.log.warn(
      { runId: run.runId, page: id, crashes },
      'a worker died while it was at work on a page',
    );
  }
}

/** Takes a page out of the quarantine once more: one more crash and it is back. */
export function giveLastChance(run: Run, id: string): void {
  run.crashes.set(id, (run.crashes.get(id) ?? 0) + MOST_CRASHES - 1);
}

/** True where a worker died while this page was among those it was at work on. */
export function isSuspect(run: Run, id: string): boolean {
  return run.crashes.has(id);
}

/**
 * Cuts ids into slices of at most `most` to be worked on together. Suspects come last and in few, then alone: the third worker that
 * dies over a page dies over this one only.
 */
export function slicesOf(run: Run, ids: readonly string[], most: number): readonly (readonly string[])[] {
  const crashesOf = (id: string) => Math.min(run.crashes.get(id) ?? 0, MOST_CRASHES - 1);
  const sizes = [most, FEW, 1];
  return sizes.flatMap((size, crashes) =>
    cut(
      ids.filter((id) => crashesOf(id) === crashes),
      size,
    ),
  );
}

function cut(ids: readonly string[], size: number): readonly (readonly string[])[] {
  const count = Math.ceil(ids.length / size);
  return Array.from({ length: count }, (_, index) => ids.slice(index * size, (index + 1) * size));
}

/** Sets aside a page that killed as many workers as it may; false for every other. */
export function condemn(run: Run, page: FailedPage): boolean {
  const crashes = run.crashes.get(page.id) ?? 0;
  if (crashes < MOST_CRASHES) return false;
  const { id, spaceKey, title, version } = page;
  const message = `${crashes} workers in a row died while they were at work on this page: look for its size, and give the worker more memory`;
  const failure = { kind: 'failure', id, spaceKey, title, version, message } as const;
  run.condemned.set(id, { ...failure, stage: 'content', code: WORKER_CRASHED });
  return true;
}

/** Does the part of the work on these pages that a page can kill a worker with, and leaves word of it meanwhile. */
export async function watched<Result>(
  run: Run,
  ids: readonly string[],
  work: () => Promise<Result> | Result,
): Promise<Result> {
  await run.parts.store.workOn(ids);
  run.atWork.any = true;
  const result = await work();
  await run.parts.store.workOn([]);
  run.atWork.any = false;
  return result;
}

/** A run that ends, however it ends, is no crash; one that came through has cleared the pages of the crashes before. */
export async function putWorkAway(run: Run, cameThrough: boolean): Promise<void> {
  try {
    if (run.atWork.any) await run.parts.store.workOn([]);
    if (cameThrough && run.crashes.size > 0) await run.parts.store.forgetCrashes();
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    run.parts.log.warn({ runId: run.runId, reason: error.message }, 'the work could not be put away');
  }
}
