import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serveModel, type ModelServer } from '../../support/model-site/serve-model.ts';
import { observeMemory } from '../../support/sequences/observe-memory.ts';
import { runSequence } from '../../support/sequences/run-sequence.ts';
import type { Sequence, SequenceStep } from '../../support/sequences/sequence.ts';

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

const cloud: Omit<Sequence, 'steps'> = {
  ...small,
  habits: { ...small.habits, deployment: 'cloud', zoneMinutes: 0 },
};
const full: SequenceStep = { pauseMs: 0, edits: [], during: [], mode: 'full' };

test.each([
  ['healed', 'incremental'],
  ['purged', 'full'],
] as const)(
  'a page that fails without a word on its space leaves the quarantine once it is %s',
  async (end, mode) => {
    const edit = { kind: 'poison', page: 3, poison: 'no_answer' } as const;
    const last = { kind: end === 'healed' ? 'heal' : 'purge', page: end === 'healed' ? 0 : 3 } as const;

    const played = runSequence(
      {
        ...cloud,
        steps: [
          full,
          { ...full, edits: [{ afterMs: 1000, edit }], mode: 'incremental' },
          {
            ...full,
            pauseMs: 3_600_000,
            edits: [{ afterMs: 1000, edit: { kind: 'edit', page: 1 } }],
            mode: 'incremental',
          },
          { ...full, pauseMs: 3_600_000, edits: [{ afterMs: 0, edit: last }], mode },
        ],
      },
      observeMemory(),
      server,
    );

    await expect(played).resolves.toBeUndefined();
  },
);

test('a page that became content of a kind that is not mirrored is taken for gone', async () => {
  const convert = { kind: 'convert', page: 3 } as const;

  const played = runSequence(
    { ...small, steps: [full, { ...full, edits: [{ afterMs: 1000, edit: convert }] }] },
    observeMemory(),
    server,
  );

  await expect(played).resolves.toBeUndefined();
});

test.each([3, 4, 5, 6, 7, 8])(
  'a run stopped behind answer %s makes no change pass unseen',
  async (stopAt) => {
    const saved = [2, 3, 4, 5, 6, 7].map((page) => ({
      afterMs: 20 * 60_000,
      edit: { kind: 'edit', page } as const,
    }));
    const quiet: SequenceStep = { ...full, pauseMs: 3_600_000, mode: 'incremental' };

    const played = runSequence(
      { ...small, batchSize: 1, steps: [full, { ...quiet, edits: saved, stopAt }, quiet] },
      observeMemory(),
      server,
    );

    await expect(played).resolves.toBeUndefined();
  },
);

test('an archived page that Data Center fails at goes to quarantine', async () => {
  const edits = [
    { afterMs: 1000, edit: { kind: 'poison', page: 3, poison: 'no_answer' } as const },
    { afterMs: 1000, edit: { kind: 'archive', page: 3 } as const },
  ];

  const played = runSequence({ ...small, steps: [full, { ...full, edits }] }, observeMemory(), server);

  await expect(played).resolves.toBeUndefined();
});
