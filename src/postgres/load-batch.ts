import type { PageFailure } from '../sync/page.ts';
import { DatabaseUnavailable, WrongConfiguration } from '../sync/errors.ts';
import type { Batch, BatchResult, PageOutcome, Rehash } from '../sync/store.ts';
import { checkCatalog } from './check-catalog.ts';
import { decide } from './decide.ts';
import type { Decision, PageChange } from './decide.ts';
import { enterFence } from './fence.ts';
import { prepareBatch, storeFailure } from './prepare-batch.ts';
import type { PageInput } from './prepare-batch.ts';
import { leaveQuarantine, quarantine } from './quarantine.ts';
import { readStored } from './read-stored.ts';
import type { Stored } from './read-stored.ts';
import { recallOutcomes } from './recall-outcomes.ts';
import { KEEP_ALL } from './retention.ts';
import type { StoreParts } from './store-parts.ts';
import type { Attempt, Tx } from './transactions.ts';
import { writeGroups } from './write-groups.ts';
import type { Written } from './write-groups.ts';
import { writeHashes } from './write-hashes.ts';
import { writeSpace } from './write-space.ts';

/** How far a batch has come: `groups` still to write, and what became of the others. */
type Progress = Readonly<{
  groups: readonly (readonly PageInput[])[];
  outcomes: ReadonlyMap<string, PageOutcome>;
  /** Pages written, in all transactions of the batch. */
  stored: number;
  failures: readonly PageFailure[];
  /** The code of each refusal by the database, of pages that were not in quarantine before. */
  freshRefusals: readonly string[];
  /** Of the last feed row written, in the last transaction that wrote any. */
  lastSeq: bigint | null;
}>;

type Decided = Readonly<{ input: PageInput; stored: Stored; decision: Decision }>;

/**
 * Loads a batch: pages, bodies, feed, quarantine and the space's progress in one transaction. Where the database refuses so
 * many pages that bisecting needs more than one transaction, quarantine and progress come with the last.
 */
export async function loadBatch(parts: StoreParts, batch: Batch): Promise<BatchResult> {
  const { groups, failures } = prepareBatch(batch);
  if (groups.length === 0 && failures.length === 0 && batch.space === null)
    return { outcomes: new Map(), failures: [] };
  let progress: Progress = {
    ...{ groups, outcomes: new Map(), stored: 0, failures: [], freshRefusals: [] },
    lastSeq: parts.fence.lastSeq,
  };
  do {
    const before = progress;
    progress = await parts.transactions.run((tx, attempt) =>
      loadSome(tx, parts, batch, before, failures, attempt),
    );
    parts.fence.lastSeq = progress.lastSeq;
  } while (progress.groups.length > 0);
  return resultOf(progress, batch, failures);
}

async function loadSome(
  tx: Tx,
  parts: StoreParts,
  batch: Batch,
  before: Progress,
  foreseen: readonly PageFailure[],
  attempt: Attempt,
): Promise<Progress> {
  await enterFence(tx, parts.schema, parts.names, parts.fence);
  const decided = await decideAll(tx, parts, before.groups);
  const groups = before.groups.map((group) => changesOf(decided, group));
  const suspects = new Set(
    [...decided.values()].flatMap(({ input, stored }) => (stored.quarantined ? [input.id] : [])),
  );
  const written = await writeGroups(
    tx,
    { names: parts.names, runId: batch.runId, attempt, suspects },
    groups,
  );
  await writeHashes(tx, parts.names, hashesOf(decided));
  const outcomes = new Map([...before.outcomes, ...outcomesOf(decided, written)]);
  if (attempt.maybeCommitted) await recallOutcomes(tx, parts.names, batch.runId, outcomes);
  await leaveQuarantine(tx, parts.names, curedOf(decided, outcomes));
  const after = advance(before, decided, written, outcomes);
  if (after.groups.length === 0) await conclude(tx, parts, batch, after, foreseen);
  return after;
}

async function decideAll(
  tx: Tx,
  parts: StoreParts,
  groups: readonly (readonly PageInput[])[],
): Promise<ReadonlyMap<string, Decided>> {
  const decided = new Map<string, Decided>();
  for (const group of groups) {
    const rows = await readStored(tx, parts.names, group);
    for (const input of group) {
      const stored = rows.get(input.id) ?? { page: null, quarantined: false };
      decided.set(input.id, { input, stored, decision: decide(input, stored) });
    }
  }
  return decided;
}

function changesOf(
  decided: ReadonlyMap<string, Decided>,
  group: readonly PageInput[],
): readonly PageChange[] {
  return group.flatMap(({ id }) => {
    const decision = decided.get(id)?.decision;
    return decision?.kind === 'change' ? [decision.change] : [];
  });
}

function hashesOf(decided: ReadonlyMap<string, Decided>): readonly Rehash[] {
  return [...decided.values()].flatMap(({ input, decision }) =>
    decision.kind === 'rehash'
      ? [{ id: input.id, contentHash: decision.contentHash, hashVersion: decision.hashVersion }]
      : [],
  );
}

function outcomesOf(
  decided: ReadonlyMap<string, Decided>,
  { written, refused }: Written,
): [string, PageOutcome][] {
  const outcomes: [string, PageOutcome][] = [];
  for (const { input, decision } of decided.values()) {
    if (decision.kind === 'refused') outcomes.push([input.id, 'failed']);
    else if (decision.kind !== 'change') outcomes.push([input.id, 'unchanged']);
  }
  for (const { input, kind } of written) outcomes.push([input.id, kind]);
  for (const { change } of refused) outcomes.push([change.input.id, 'failed']);
  return outcomes;
}

/** Pages that may leave the quarantine. An outdated input says nothing of the version that failed. */
function curedOf(
  decided: ReadonlyMap<string, Decided>,
  outcomes: ReadonlyMap<string, PageOutcome>,
): readonly string[] {
  return [...decided.values()]
    .filter(({ stored, decision }) => stored.quarantined && decision.kind !== 'outdated')
    .map(({ input }) => input.id)
    .filter((id) => outcomes.has(id) && outcomes.get(id) !== 'failed');
}

function advance(
  before: Progress,
  decided: ReadonlyMap<string, Decided>,
  written: Written,
  outcomes: ReadonlyMap<string, PageOutcome>,
): Progress {
  const failures = [...decided.values()].flatMap(({ input, decision }) =>
    decision.kind === 'refused' ? [storeFailure(input, decision.refusal)] : [],
  );
  const fresh = written.refused.filter(
    ({ change }) => decided.get(change.input.id)?.stored.quarantined !== true,
  );
  const refused = written.refused.map(({ change, refusal }) => storeFailure(change.input, refusal));
  return {
    groups: written.left.map((group) => group.map(({ input }) => input)),
    outcomes,
    stored: before.stored + written.written.length,
    failures: [...before.failures, ...failures, ...refused],
    freshRefusals: [...before.freshRefusals, ...fresh.map(({ refusal }) => refusal.code)],
    lastSeq: written.lastSeq ?? before.lastSeq,
  };
}

async function conclude(
  tx: Tx,
  parts: StoreParts,
  batch: Batch,
  progress: Progress,
  foreseen: readonly PageFailure[],
): Promise<void> {
  refuseSchemaFault(progress);
  await excuseTables(tx, parts, progress.freshRefusals);
  await quarantine(tx, parts.names, [...foreseen, ...progress.failures]);
  if (batch.space !== null) await writeSpace(tx, parts.names, batch.space);
}

/** Before a page is blamed, the tables are looked at, once a lease for each code: they may have changed under the run. */
async function excuseTables(tx: Tx, { schema, fence }: StoreParts, codes: readonly string[]): Promise<void> {
  if (codes.every((code) => fence.excused.has(code))) return;
  await checkCatalog(tx, schema, KEEP_ALL);
  fence.excused = new Set([...fence.excused, ...codes]);
}

/** Pages that all fail for one reason, and are too many to be bad pages. */
const TOO_MANY_ALIKE = 20;

/**
 * Twenty pages that all fail for one reason are no bad pages: something is wrong with the tables. Where none is done in time,
 * two are enough: the database is slow. Pages that come out of the quarantine to be tried again do not count, for bad pages
 * gather there.
 */
function refuseSchemaFault({ stored, failures, freshRefusals }: Progress): void {
  const [code] = freshRefusals;
  if (code === undefined || stored > 0) return;
  if (freshRefusals.length < (code === '57014' ? 2 : TOO_MANY_ALIKE)) return;
  if (freshRefusals.some((other) => other !== code)) return;
  const example = failures.find((failure) => failure.code === code)?.message ?? '';
  const told = `all ${freshRefusals.length} pages of a batch were refused with ${code} (${example})`;
  if (code === '57014') throw new DatabaseUnavailable(`${told}: the database is too slow, try again later`);
  throw new WrongConfiguration(
    `${told}: look for a constraint or trigger that is not ours; no page was quarantined`,
  );
}

function resultOf(
  { outcomes, failures }: Progress,
  batch: Batch,
  foreseen: readonly PageFailure[],
): BatchResult {
  const all = new Map(outcomes);
  for (const { id } of foreseen) all.set(id, 'failed');
  const given = new Set<PageFailure>(batch.failures);
  return { outcomes: all, failures: [...foreseen.filter((failure) => !given.has(failure)), ...failures] };
}
