import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serveModel, type ModelServer } from '../../support/model-site/serve-model.ts';
import { observeMemory } from '../../support/sequences/observe-memory.ts';
import { runSequence } from '../../support/sequences/run-sequence.ts';
import type { Sequence } from '../../support/sequences/sequence.ts';

let server: ModelServer;

beforeAll(async () => {
  server = await serveModel();
});
afterAll(async () => {
  await server.close();
});

const small: Omit<Sequence, 'steps'> = {
  habits: {
    deployment: 'datacenter',
    cap: 2,
    zoneMinutes: -720,
    lagMs: 0,
    scan: true,
    bulk: true,
    requestMs: 1,
  },
  ...{
    pages: 10,
    blogposts: 0,
    spaces: 1,
    archivedSpace: false,
    contentTypes: ['page'],
    archived: 'include',
  },
  ...{ batchSize: 4, skewMs: 0, keepSource: true },
};

test.each([3, 4, 5, 6])(
  'a page trashed behind answer %s of a walk through the changes makes no other page pass unseen',
  async (answer) => {
    const saved = [2, 3, 4, 5, 6, 7].map((page) => ({
      afterMs: 1000,
      edit: { kind: 'edit', page } as const,
    }));
    const during = [{ answer, edit: { kind: 'trash', page: 7 } as const }];

    const played = runSequence(
      {
        ...small,
        steps: [
          { pauseMs: 0, edits: [], during: [], mode: 'full' },
          { pauseMs: 3_600_000, edits: saved, during, mode: 'incremental' },
        ],
      },
      observeMemory(),
      server,
    );

    await expect(played).resolves.toBeUndefined();
  },
);
