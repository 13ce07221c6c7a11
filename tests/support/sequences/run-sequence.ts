import type { Clock } from '../../../src/sync/ambient.ts';
import { Interrupted } from '../../../src/sync/errors.ts';
import { runSync } from '../../../src/sync/run-sync.ts';
import { blindObserver, fullRequest } from '../full-request.ts';
import { applyEdit } from '../model-site/apply-edit.ts';
import type { Model } from '../model-site/model.ts';
import type { ModelServer } from '../model-site/serve-model.ts';
import { quietLog } from '../test-clock.ts';
import { buildSite } from './build-site.ts';
import { checkEpisode } from './check-episode.ts';
import type { Episode, Look } from './episode.ts';
import type { ObservedMirror } from './observed-mirror.ts';
import type { Sequence, SequenceStep } from './sequence.ts';
import { sequenceSource } from './sequence-source.ts';
import { readTruth } from './truth.ts';

const QUIET: SequenceStep = {
  ...{ pauseMs: 20 * 60_000, edits: [], during: [], mode: 'full' },
  ...{ acceptDeletes: true, stopAt: null },
};

/** Plays a sequence on a mirror that is empty, checks it after each run, and once more after two quiet full runs. */
export async function runSequence(
  sequence: Sequence,
  mirror: ObservedMirror,
  server: ModelServer,
): Promise<void> {
  const model = buildSite(sequence);
  const truth = readTruth(model, sequence);
  const runner = createRunner(sequence, model, mirror, server);
  const episodes: Episode[] = [];
  for (const step of [...sequence.steps, QUIET, { ...QUIET, pauseMs: 0 }]) {
    const episode = await runner.play(step);
    checkEpisode({ model, truth, sequence }, episode, episodes);
    episodes.push(episode);
  }
  runner.close();
}

function createRunner(sequence: Sequence, model: Model, mirror: ObservedMirror, server: ModelServer) {
  const clock = clockOf(model, sequence.skewMs);
  const open = () => sequenceSource(sequence, server.origin, clock);
  const kept = open();
  const play = async (step: SequenceStep): Promise<Episode> => {
    model.now += step.pauseMs;
    for (const { afterMs, edit } of step.edits) {
      model.now += afterMs;
      applyEdit(model, edit);
    }
    const start = model.now;
    // What happens during the run is later than its start.
    model.now += 1;
    const before = await look(mirror);
    let answers = 0;
    const stop = new AbortController();
    server.show(model, () => {
      answers++;
      if (answers === step.stopAt) stop.abort(new Interrupted('the test stopped it'));
      for (const { answer, edit } of step.during) if (answer === answers) applyEdit(model, edit);
    });
    const source = sequence.keepSource ? kept : open();
    const parts = { ...mirror.parts, source, clock, log: quietLog, observer: blindObserver };
    const { report, error } = await runSync(parts, requestOf(sequence, step), stop.signal);
    if (!sequence.keepSource) source.close();
    const stopped = error instanceof Interrupted;
    if (error !== null && !stopped) throw error;
    const { mode, acceptDeletes = false } = step;
    return { mode, start, end: model.now, before, after: await look(mirror), report, stopped, acceptDeletes };
  };
  return {
    play,
    close: () => {
      kept.close();
    },
  };
}

function requestOf(sequence: Sequence, { mode, acceptDeletes = false }: SequenceStep) {
  const { archived, contentTypes, batchSize, guard } = sequence;
  const { maxShare, minPages } = guard ?? { maxShare: 1, minPages: 1_000 };
  return {
    ...fullRequest,
    mode: mode === 'incremental' ? ('incremental' as const) : ('full' as const),
    deep: mode === 'deep',
    scope: { ...fullRequest.scope, archived, contentTypes },
    batchSize,
    acceptDeletes,
    guards: { deleteMaxShare: maxShare, deleteMinPages: minPages, quarantineMaxShare: 1 },
  };
}

/** The site's time, fast or slow by so much; waiting only moves it. */
function clockOf(model: Model, skewMs: number): Clock {
  return {
    now: () => new Date(model.now + skewMs),
    monotonicMs: () => model.now,
    sleep: (ms) => {
      model.now += ms;
      return Promise.resolve();
    },
  };
}

async function look(mirror: ObservedMirror): Promise<Look> {
  return { rows: await mirror.rows(), changes: await mirror.changes(), failures: await mirror.failures() };
}
