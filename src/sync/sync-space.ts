import { ahead } from './ahead.ts';
import { listSpace } from './list-space.ts';
import { pack, type Pack } from './pack.ts';
import type { Run, SpaceRun } from './run.ts';
import type { Batch, SpaceProgress } from './store.ts';

/** Brings one space's pages up to date. Nothing is deleted here: that needs the whole run's proof. */
export async function syncSpace(run: Run, state: SpaceRun): Promise<void> {
  const walk = new AbortController();
  const signal = AbortSignal.any([run.signal, walk.signal]);
  try {
    for await (const packed of ahead(pack(listSpace(run, state, signal), run.request.batchSize))) {
      await load(run, state, packed, null);
    }
  } finally {
    walk.abort();
  }
  state.finished = true;
  await load(run, state, { records: [], heads: [], failures: [] }, progressOf(state));
  const facts = { runId: run.runId, space: state.space.key, listing: state.listing, ...state.tally.counts() };
  run.parts.log.info(facts, 'space listed');
}

function progressOf(state: SpaceRun): SpaceProgress {
  const { key, name, status } = state.space;
  if (state.listing === 'incomplete') return { key, name, status };
  return {
    key,
    name,
    status,
    listed: true,
    ...(state.watermark !== null && { watermark: state.watermark }),
  };
}

async function load(run: Run, state: SpaceRun, packed: Pack, space: SpaceProgress | null): Promise<void> {
  run.signal.throwIfAborted();
  const batch: Batch = { runId: run.runId, ...packed, deletions: [], space };
  const result = await run.parts.store.load(batch);
  const heads = new Map(
    [...packed.records.map((record) => record.head), ...packed.heads].map((head) => [head.id, head]),
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
