import { createHash } from 'node:crypto';
import type { ContentType, DeletedReason, PageHead, PageRecord, PageStatus } from '../sync/page.ts';
import type { Deletion } from '../sync/store.ts';
import type { PageInput } from './prepare-batch.ts';
import type { Stored, StoredPage } from './read-stored.ts';
import type { Refusal } from './refusal-of.ts';
import type { ChangeKind } from './tables.ts';

/** A page's row as it will be, with its feed row; `storage` null leaves the body alone. */
export type PageChange = Readonly<{
  input: PageInput;
  id: string;
  title: string;
  spaceKey: string;
  contentHash: string;
  lastUpdated: Date;
  version: number;
  url: string;
  type: ContentType;
  status: PageStatus;
  parentId: string | null;
  hashVersion: number;
  deletedReason: DeletedReason | null;
  kind: ChangeKind;
  contentChanged: boolean;
  previousHash: string | null;
  storage: string | null;
}>;

/** What to do about a page: `outdated` is older than what is stored, `rehash` changes the hash without a word in the feed. */
export type Decision =
  | Readonly<{ kind: 'change'; change: PageChange }>
  | Readonly<{ kind: 'unchanged' }>
  | Readonly<{ kind: 'outdated' }>
  | Readonly<{ kind: 'rehash'; contentHash: string; hashVersion: number }>
  | Readonly<{ kind: 'refused'; refusal: Refusal }>;

/** Compares a page of the batch with the row as the transaction sees it. Pure. */
export function decide(input: PageInput, stored: Stored): Decision {
  switch (input.kind) {
    case 'record':
      return decideRecord(input, input.record, stored.page);
    case 'head':
      return decideHead(input, input.head, stored.page);
    case 'deletion':
      return decideDeletion(input, input.deletion, stored.page);
  }
}

function decideRecord(input: PageInput, record: PageRecord, page: StoredPage | null): Decision {
  const { head, contentHash, hashVersion, storage } = record;
  if (page === null) {
    const body = { contentHash, hashVersion, storage, contentChanged: true, previousHash: null };
    return { kind: 'change', change: { ...rowOf(input, head), ...body, kind: 'created' } };
  }
  if (head.version < page.version && !record.wentBack) return { kind: 'outdated' };
  const sameBody = page.hasBody && page.storageDigest !== null && page.storageDigest === digestOf(storage);
  // The same body under another canonical form has another hash, and yet did not change.
  const contentChanged = contentHash !== page.contentHash && !(hashVersion !== page.hashVersion && sameBody);
  if (sameBody && sameHead(head, page)) {
    const sameHash = contentHash === page.contentHash && hashVersion === page.hashVersion;
    return sameHash ? { kind: 'unchanged' } : { kind: 'rehash', contentHash, hashVersion };
  }
  const body = { contentHash, hashVersion, storage: sameBody ? null : storage, contentChanged };
  const change = { ...rowOf(input, head), ...body, previousHash: page.contentHash, kind: kindOf(head, page) };
  return { kind: 'change', change };
}

function decideHead(input: PageInput, head: PageHead, page: StoredPage | null): Decision {
  if (page?.hasBody !== true) {
    return {
      kind: 'refused',
      refusal: { code: 'body_missing', message: 'no body of it is stored: it is fetched again' },
    };
  }
  if (head.version < page.version) return { kind: 'outdated' };
  if (sameHead(head, page)) return { kind: 'unchanged' };
  const change = { ...rowOf(input, head), ...unchangedBody(page), kind: kindOf(head, page) };
  return { kind: 'change', change };
}

function decideDeletion(input: PageInput, deletion: Deletion, page: StoredPage | null): Decision {
  if (page === null || page.deleted) return { kind: 'unchanged' };
  const { title, spaceKey, lastUpdated, version, url, type, parentId } = page;
  const row = { input, id: input.id, title, spaceKey, lastUpdated, version, url, type, parentId };
  const gone = { status: deletion.status, deletedReason: deletion.reason, kind: 'deleted' } as const;
  return { kind: 'change', change: { ...row, ...unchangedBody(page), ...gone } };
}

function rowOf(input: PageInput, head: PageHead) {
  const { id, title, spaceKey, lastUpdated, version, url, type, status, parentId } = head;
  return {
    input,
    id,
    title,
    spaceKey,
    lastUpdated,
    version,
    url,
    type,
    status,
    parentId,
    deletedReason: null,
  };
}

function unchangedBody(page: StoredPage) {
  const { contentHash, hashVersion } = page;
  return { contentHash, hashVersion, previousHash: contentHash, contentChanged: false, storage: null };
}

function sameHead(head: PageHead, page: StoredPage): boolean {
  const fields = ['title', 'spaceKey', 'version', 'url', 'type', 'status', 'parentId'] as const;
  if (page.deleted || head.lastUpdated.getTime() !== page.lastUpdated.getTime()) return false;
  return fields.every((field) => head[field] === page[field]);
}

function kindOf(head: PageHead, page: StoredPage): ChangeKind {
  if (page.deleted) return 'restored';
  return head.spaceKey !== page.spaceKey || head.parentId !== page.parentId ? 'moved' : 'updated';
}

function digestOf(storage: string): string {
  return createHash('sha256').update(storage, 'utf8').digest('hex');
}
