import { afterAll, beforeAll, test } from '@jest/globals';
import fc from 'fast-check';
import { serveModel, type ModelServer } from '../../support/model-site/serve-model.ts';
import { observeMemory } from '../../support/sequences/observe-memory.ts';
import { replayOptions } from '../../support/sequences/replay-options.ts';
import { runSequence } from '../../support/sequences/run-sequence.ts';
import { sequences } from '../../support/sequences/sequence.ts';

let server: ModelServer;

beforeAll(async () => {
  server = await serveModel();
});
afterAll(async () => {
  await server.close();
});

test.each(['cloud', 'datacenter'] as const)(
  'whatever happens to a %s site, each run leaves what it promises',
  async (deployment) => {
    const holds = fc.asyncProperty(sequences(deployment), (sequence) =>
      runSequence(sequence, observeMemory(), server),
    );

    await fc.assert(holds, replayOptions(160));
  },
  600_000,
);
