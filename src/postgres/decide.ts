import { createHash } from 'node:crypto';
import type { DeletedReason, PageHead, PageRecord, PageStatus } from '../sync/page.ts';
import type { Deletion } from '../sync/store.ts';
import type { PageInput } from './prepare-batch.ts';
import type { Stored, StoredPage } from './read-stored.ts';
import type { Refusal } from './refusal-of.ts';
import type { ChangeKind } from './tables.ts';

/** A page's row as it will be, with its feed row; `storage` null leaves the body alone. */
export type PageChange = Readonly<{
  input: PageInput;
  /** Where the fields come from that are not named here. */
  fields: Readonly<
    Pick<PageHead, 'title' | 'spaceKey' | 'lastUpdated' | 'version' | 'url' | 'type' | 'parentId'>
  >;
  contentHash: string;
  hashVersion: number;
  storage: string | null;
  status: PageStatus;
  deletedReason: DeletedReason | null;
  kind: ChangeKind;
  contentChanged: boolean;
  previousHash: string | null;
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
  if (page === null) return { kind: 'change', change: created(input, record) };
  if (head.version < page.version && !record.wentBack) return { kind: 'outdated' };
  const sameBody = page.storageDigest !== null && page.storageDigest === digestOf(storage);
  // The same body under another canonical form has another hash, and yet did not change.
  const contentChanged = contentHash !== page.contentHash && !(hashVersion !== page.hashVersion && sameBody);
  if (sameBody && sameHead(head, page)) {
    const sameHash = contentHash === page.contentHash && hashVersion === page.hashVersion;
    return sameHash ? { kind: 'unchanged' } : { kind: 'rehash', contentHash, hashVersion };
  }
  const alive = { input, fields: head, contentHash, hashVersion, status: head.status, deletedReason: null };
  const body = { storage: sameBody ? null : storage, contentChanged, previousHash: page.contentHash };
  return { kind: 'change', change: { ...alive, ...body, kind: kindOf(head, page) } };
}

/** Written out: most pages of a first sync come through here, and spreading costs each more than all else that is decided. */
function created(input: PageInput, { head, contentHash, hashVersion, storage }: PageRecord): PageChange {
  return {
    input,
    fields: head,
    contentHash,
    hashVersion,
    storage,
    status: head.status,
    deletedReason: null,
    kind: 'created',
    contentChanged: true,
    previousHash: null,
  };
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
  const alive = { input, fields: head, status: head.status, deletedReason: null, kind: kindOf(head, page) };
  return { kind: 'change', change: { ...alive, ...unchangedBody(page) } };
}

function decideDeletion(input: PageInput, { status, reason }: Deletion, page: StoredPage | null): Decision {
  if (page === null || page.deleted) return { kind: 'unchanged' };
  const gone = { input, fields: page, status, deletedReason: reason, kind: 'deleted' } as const;
  return { kind: 'change', change: { ...gone, ...unchangedBody(page) } };
}

function unchangedBody({ contentHash, hashVersion }: StoredPage) {
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
