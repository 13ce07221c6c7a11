import type { PageFailure, PageHead, PageRecord } from '../sync/page.ts';
import type { Batch, Deletion } from '../sync/store.ts';
import { comparePageIds } from '../sync/page-id.ts';
import { refusalOf } from './refusal-of.ts';
import type { Checkable, Refusal } from './refusal-of.ts';

/** One page of a batch on its way to the table. */
export type PageInput =
  | Readonly<{ kind: 'record'; id: string; record: PageRecord }>
  | Readonly<{ kind: 'head'; id: string; head: PageHead }>
  | Readonly<{ kind: 'deletion'; id: string; deletion: Deletion }>;

/** A batch made ready: groups of inputs, each fit for one statement, and the failures known before it. */
export type PreparedBatch = Readonly<{
  groups: readonly (readonly PageInput[])[];
  failures: readonly PageFailure[];
}>;

/** Far from 512 MB, the longest string of Node, and from the 1 GB a message to PostgreSQL may have. */
const MAX_GROUP_CHARACTERS = 16_000_000;
const MAX_GROUP_PAGES = 1_000;

/** Sorts by id, keeps one input an id (the highest version), sets aside what no database takes, and cuts to statements. */
export function prepareBatch(batch: Batch): PreparedBatch {
  const inputs = distinctInputs(batch);
  const failures = new Map(batch.failures.map((failure) => [failure.id, failure]));
  const accepted = inputs.filter((input) => {
    const failure = foreseenFailure(input);
    if (failure !== null) failures.set(input.id, failure);
    return failure === null;
  });
  // An id in two parts of the batch: what can be stored wins over a failure.
  for (const { id } of accepted) failures.delete(id);
  return { groups: cut(accepted), failures: [...failures.values()] };
}

function distinctInputs(batch: Batch): readonly PageInput[] {
  const byId = new Map<string, PageInput>();
  for (const deletion of batch.deletions)
    byId.set(deletion.id, { kind: 'deletion', id: deletion.id, deletion });
  for (const head of batch.heads) keepNewest(byId, { kind: 'head', id: head.id, head });
  for (const record of batch.records) keepNewest(byId, { kind: 'record', id: record.head.id, record });
  return [...byId.values()].sort((left, right) => comparePageIds(left.id, right.id));
}

function keepNewest(byId: Map<string, PageInput>, input: PageInput): void {
  const other = byId.get(input.id);
  // Two versions of a page in one listing are normal: it was edited while the listing went on.
  if (other === undefined || versionOf(other) <= versionOf(input)) byId.set(input.id, input);
}

function versionOf(input: PageInput): number {
  switch (input.kind) {
    case 'record':
      return input.record.head.version;
    case 'head':
      return input.head.version;
    case 'deletion':
      return -Infinity;
  }
}

function foreseenFailure(input: PageInput): PageFailure | null {
  if (input.kind === 'deletion') return null;
  const checked: Checkable = input.kind === 'record' ? input.record : input;
  const refusal = refusalOf(checked);
  return refusal === null ? null : storeFailure(input, refusal);
}

/** The failure of a page that the database did not take, or would not have. */
export function storeFailure(input: PageInput, { code, message }: Refusal): PageFailure {
  const stage = 'store';
  if (input.kind === 'deletion') {
    return { kind: 'failure', id: input.id, spaceKey: '', title: null, version: null, stage, code, message };
  }
  const { id, spaceKey, title, version } = input.kind === 'record' ? input.record.head : input.head;
  return { kind: 'failure', id, spaceKey, title, version, stage, code, message };
}

function cut(inputs: readonly PageInput[]): readonly (readonly PageInput[])[] {
  const groups: PageInput[][] = [];
  let room = 0;
  for (const input of inputs) {
    const length = input.kind === 'record' ? input.record.storage.length : 0;
    const group = groups.at(-1);
    if (group === undefined || length > room || group.length >= MAX_GROUP_PAGES) {
      groups.push([input]);
      room = MAX_GROUP_CHARACTERS - length;
    } else {
      group.push(input);
      room -= length;
    }
  }
  return groups;
}
