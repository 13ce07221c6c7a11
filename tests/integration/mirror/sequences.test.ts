import { afterAll, beforeAll, test } from '@jest/globals';
import fc from 'fast-check';
import { serveModel, type ModelServer } from '../../support/model-site/serve-model.ts';
import { observeMemory } from '../../support/sequences/observe-memory.ts';
import { runSequence } from '../../support/sequences/run-sequence.ts';
import { sequences } from '../../support/sequences/sequence.ts';

/** More, or others: SEQUENCES=5000 SEQUENCE_SEED=7; a failure prints the seed and path to come back to it. */
const numRuns = Number(process.env['SEQUENCES'] ?? 160);
const given = process.env['SEQUENCE_SEED'];
const path = process.env['SEQUENCE_PATH'];
const replay = { ...(given !== undefined && { seed: Number(given) }), ...(path !== undefined && { path }) };

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
    await fc.assert(
      fc.asyncProperty(sequences(deployment), (sequence) => runSequence(sequence, observeMemory(), server)),
      { numRuns, ...replay },
    );
  },
  600_000,
);
