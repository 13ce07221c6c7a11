import type { Pack } from './pack.ts';
import type { Run } from './run.ts';
import type { SpaceProgress } from './store.ts';
import type { TallyOf } from './tally.ts';

/** Stores a pack and a space's progress in one transaction, and counts what became of each page. */
export async function loadPack(
  run: Run,
  packed: Pack,
  space: SpaceProgress | null,
  tallyOf: TallyOf,
): Promise<void> {
  run.signal.throwIfAborted();
  const result = await run.parts.store.load({ runId: run.runId, ...packed, space });
  const heads = new Map(
    [...packed.records.map(({ head }) => head), ...packed.heads].map((head) => [head.id, head]),
  );
  const failures = [...packed.failures, ...result.failures];
  const failedIn = new Map(failures.map(({ id, spaceKey }) => [id, spaceKey]));
  for (const [id, outcome] of result.outcomes) {
    tallyOf(heads.get(id)?.spaceKey ?? failedIn.get(id) ?? '').add(outcome);
    if (outcome !== 'unchanged') run.parts.observer.changed(heads.get(id) ?? null, id, outcome);
  }
  for (const { id } of failures) run.failed.add(id);
  run.entered.pages += failures.filter(({ id }) => !run.quarantinedBefore.has(id)).length;
  for (const { id, stage, code, message } of failures)
    run.parts.log.warn({ runId: run.runId, page: id, stage, code, reason: message }, 'page in quarantine');
  run.parts.observer.advanced(run);
}
