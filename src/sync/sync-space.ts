import { ahead } from './ahead.ts';
import { listSpace } from './list-space.ts';
import { loadPack } from './load-pack.ts';
import { emptyPack, pack } from './pack.ts';
import type { Run, SpaceRun } from './run.ts';
import type { SpaceProgress } from './store.ts';

/** Brings one space's pages up to date. Nothing is deleted here: that needs the whole run's proof. */
export async function syncSpace(run: Run, state: SpaceRun): Promise<void> {
  const walk = new AbortController();
  const signal = AbortSignal.any([run.signal, walk.signal]);
  try {
    for await (const packed of ahead(pack(listSpace(run, state, signal), run.request.batchSize))) {
      await loadPack(run, state, packed, null);
    }
  } finally {
    walk.abort();
  }
  state.finished = true;
  await loadPack(run, state, emptyPack(), progressOf(state));
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
