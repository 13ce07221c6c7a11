import { afterAll, beforeAll, test } from '@jest/globals';
import fc from 'fast-check';
import { serveModel, type ModelServer } from '../../support/model-site/serve-model.ts';
import { openPostgresStore } from '../../support/real-postgres-store.ts';
import { observePostgres } from '../../support/sequences/observe-postgres.ts';
import { replayOptions } from '../../support/sequences/replay-options.ts';
import { runSequence } from '../../support/sequences/run-sequence.ts';
import { sequences, type Sequence } from '../../support/sequences/sequence.ts';

let server: ModelServer;
let store: Awaited<ReturnType<typeof openPostgresStore>>;

beforeAll(async () => {
  server = await serveModel();
  store = await openPostgresStore();
});
afterAll(async () => {
  await store.close();
  await server.close();
});

test('whatever happens to a site, each run leaves what it promises in PostgreSQL', async () => {
  const site = fc.oneof(sequences('cloud'), sequences('datacenter'));
  const holds = async (sequence: Sequence) => runSequence(sequence, await observePostgres(store), server);

  await fc.assert(fc.asyncProperty(site, holds), replayOptions(25));
}, 600_000);
