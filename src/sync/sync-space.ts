import { ahead } from './ahead.ts';
import { listSpace } from './list-space.ts';
import { loadPack } from './load-pack.ts';
import { emptyPack, pack } from './pack.ts';
import type { Run, SpaceRun } from './run.ts';
import { notAhead } from './sync-changes.ts';
import type { SpaceProgress } from './store.ts';

/** Brings one space's pages up to date. Nothing is deleted here: that needs the whole run's proof. */
export async function syncSpace(run: Run, state: SpaceRun): Promise<void> {
  const walk = new AbortController();
  const signal = AbortSignal.any([run.signal, walk.signal]);
  try {
    for await (const packed of ahead(pack(listSpace(run, state, signal), run.request.batchSize))) {
      await loadPack(run, packed, null, () => state.tally);
    }
  } finally {
    walk.abort();
  }
  state.finished = true;
  await loadPack(run, emptyPack(), progressOf(run, state), () => state.tally);
  const facts = { runId: run.runId, space: state.space.key, listing: state.listing, ...state.tally.counts() };
  if (state.listing === 'complete') run.parts.log.info(facts, 'space listed');
  else run.parts.log.warn({ ...facts, reason: state.reason }, 'space not listed whole');
}

function progressOf(run: Run, state: SpaceRun): SpaceProgress {
  const { key, name, status } = state.space;
  if (state.listing === 'incomplete') return { key, name, status };
  // What changes elsewhere while this space is walked lies after the newest change known before the walk.
  const known = [run.newestBefore.time ?? state.watermark, state.watermarkBefore].filter(
    (time) => time !== null,
  );
  const latest = Math.max(...known.map((time) => time.getTime()));
  const watermark = known.length === 0 ? null : notAhead(run, latest);
  return { key, name, status, listed: true, ...(watermark !== null && { watermark }) };
}
