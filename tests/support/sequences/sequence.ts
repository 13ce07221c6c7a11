import fc from 'fast-check';
import type { ContentType } from '../../../src/sync/page.ts';
import type { ModelEdit, PlainEdit } from '../model-site/apply-edit.ts';
import type { ModelHabits } from '../model-site/model.ts';

/** What a run is asked to do. */
export type SequenceMode = 'incremental' | 'full' | 'deep';

/** An edit, and how long after the one before. */
export type TimedEdit = Readonly<{ afterMs: number; edit: ModelEdit }>;

/** A time of editing, and a run behind it; `during` are edits that follow the nth answer of that run. */
export type SequenceStep = Readonly<{
  pauseMs: number;
  edits: readonly TimedEdit[];
  during: readonly Readonly<{ answer: number; edit: ModelEdit }>[];
  mode: SequenceMode;
  /** A person accepts what the guard would hold. */
  acceptDeletes?: boolean;
  /** The run is stopped behind the nth answer. */
  stopAt?: number | null;
}>;

/** A space that would lose more than this share and more than this many pages is held. */
export type DeleteGuard = Readonly<{ maxShare: number; minPages: number }>;

/** A site, how it is mirrored, and what happens to it. */
export type Sequence = Readonly<{
  habits: ModelHabits;
  pages: number;
  blogposts: number;
  spaces: number;
  archivedSpace: boolean;
  contentTypes: readonly ContentType[];
  archived: 'include' | 'exclude';
  batchSize: number;
  /** How far our clock is ahead of the site's. */
  skewMs: number;
  /** One source for all runs, as the worker has it; else one a run. */
  keepSource: boolean;
  /** How much of a space may go in one run; null for all of it. */
  guard?: DeleteGuard | null;
  steps: readonly SequenceStep[];
}>;

const MINUTE = 60_000;
const number = fc.nat({ max: 70 });
// A few pages have most of the edits, so that edits meet.
const page = fc.oneof({ weight: 2, arbitrary: fc.nat({ max: 3 }) }, { weight: 1, arbitrary: number });
const parent = fc.option(number, { freq: 4 });

function plain(kind: PlainEdit['kind']): fc.Arbitrary<ModelEdit> {
  return fc.record({ kind: fc.constant(kind), page });
}

const edit: fc.Arbitrary<ModelEdit> = fc.oneof(
  { weight: 8, arbitrary: plain('edit') },
  { weight: 3, arbitrary: plain('rename') },
  { weight: 2, arbitrary: plain('comment') },
  { weight: 3, arbitrary: plain('archive') },
  { weight: 2, arbitrary: plain('unarchive') },
  { weight: 4, arbitrary: plain('trash') },
  { weight: 3, arbitrary: plain('restore') },
  { weight: 2, arbitrary: plain('purge') },
  { weight: 2, arbitrary: plain('heal') },
  { weight: 1, arbitrary: plain('convert') },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('move' as const), page, parent }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('moveToSpace' as const), page, space: fc.nat({ max: 3 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('archiveSpace' as const), space: fc.nat({ max: 3 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rollBack' as const), page, old: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('poison' as const),
      page,
      poison: fc.constantFrom('no_version' as const, 'no_body' as const, 'no_answer' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('create' as const),
      space: fc.nat({ max: 3 }),
      parent,
      blogpost: fc.boolean(),
      old: fc.oneof(
        { weight: 4, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
    }),
  },
);

// Nothing, the same millisecond, second and minute, and more than the overlap of two walks.
const aMoment = fc.constantFrom(0, 0, 0, 1, 400, 1000, 20_000, MINUTE, 20 * MINUTE, 20 * MINUTE);
const aPause = fc.constantFrom(
  0,
  1,
  1000,
  MINUTE,
  5 * MINUTE,
  16 * MINUTE,
  3 * 60 * MINUTE,
  4 * 1440 * MINUTE,
);

const seldom = fc.oneof(
  { weight: 4, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

const step: fc.Arbitrary<SequenceStep> = fc.record({
  pauseMs: aPause,
  edits: fc.array(fc.record({ afterMs: aMoment, edit }), { maxLength: 8 }),
  during: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    {
      weight: 3,
      arbitrary: fc.array(
        fc.record({
          answer: fc.oneof(
            { weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) },
            { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }) },
          ),
          edit,
        }),
        { minLength: 1, maxLength: 4 },
      ),
    },
  ),
  mode: fc.constantFrom<SequenceMode>(
    'incremental',
    'incremental',
    'incremental',
    'incremental',
    'full',
    'full',
    'deep',
  ),
  acceptDeletes: seldom,
  stopAt: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.integer({ min: 3, max: 15 }) },
  ),
});

const mostly = seldom.map((is) => !is);
const quarters = fc.integer({ min: -12 * 4, max: 14 * 4 }).map((zone) => zone * 15);

const cloud: fc.Arbitrary<ModelHabits> = fc.record({
  deployment: fc.constant('cloud'),
  cap: fc.constantFrom(2, 3, 5, 8, 20, 250),
  zoneMinutes: fc.constant(0),
  lagMs: fc.constant(0),
  scan: fc.constant(true),
  bulk: fc.constant(true),
  requestMs: fc.constantFrom(0, 1, 40, 1500),
});

const dataCenter: fc.Arbitrary<ModelHabits> = fc.record({
  deployment: fc.constant('datacenter'),
  cap: fc.constantFrom(2, 3, 5, 8, 20, 250),
  zoneMinutes: quarters,
  lagMs: fc.constantFrom(0, 0, 0, 2000, 20_000, 5 * MINUTE),
  scan: mostly,
  bulk: mostly,
  requestMs: fc.constantFrom(0, 1, 40, 1500),
});

/** Sequences over sites of this deployment. */
export function sequences(deployment: ModelHabits['deployment']): fc.Arbitrary<Sequence> {
  return fc.record({
    habits: deployment === 'cloud' ? cloud : dataCenter,
    pages: fc.integer({ min: 10, max: 60 }),
    blogposts: fc.nat({ max: 5 }),
    spaces: fc.integer({ min: 1, max: 4 }),
    archivedSpace: fc.boolean(),
    contentTypes: fc.constantFrom<readonly ContentType[]>(['page'], ['page', 'blogpost']),
    archived: fc.constantFrom('include' as const, 'include' as const, 'exclude' as const),
    batchSize: fc.constantFrom(1, 4, 250),
    skewMs: fc.constantFrom(0, 0, 0, -60 * MINUTE, 60 * MINUTE),
    keepSource: fc.boolean(),
    guard: fc.constantFrom<DeleteGuard | null>(
      null,
      { maxShare: 0.1, minPages: 1 },
      { maxShare: 0.25, minPages: 3 },
    ),
    steps: fc.array(step, { minLength: 3, maxLength: 8 }),
  });
}
