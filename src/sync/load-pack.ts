import type { Pack } from './pack.ts';
import type { Run, SpaceRun } from './run.ts';
import type { SpaceProgress } from './store.ts';

/** Stores a pack and the space's progress in one transaction, and counts what became of each page. */
export async function loadPack(
  run: Run,
  state: SpaceRun,
  packed: Pack,
  space: SpaceProgress | null,
): Promise<void> {
  run.signal.throwIfAborted();
  const result = await run.parts.store.load({ runId: run.runId, ...packed, space });
  const heads = new Map(
    [...packed.records.map(({ head }) => head), ...packed.heads].map((head) => [head.id, head]),
  );
  for (const [id, outcome] of result.outcomes) {
    state.tally.add(outcome);
    if (outcome !== 'unchanged') run.parts.observer.changed(heads.get(id) ?? null, id, outcome);
  }
  for (const failure of [...packed.failures, ...result.failures]) {
    const { id, stage, code, message } = failure;
    run.parts.log.warn({ runId: run.runId, page: id, stage, code, reason: message }, 'page in quarantine');
  }
  run.parts.observer.advanced(run);
}
