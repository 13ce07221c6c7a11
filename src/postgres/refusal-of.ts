import type { PageHead } from '../sync/page.ts';

/** Why the database would not take a page: SQLSTATE and a sentence that names the cause. */
export type Refusal = Readonly<{ code: string; message: string }>;

const MAX_INTEGER = 2_147_483_647;
const MAX_SMALLINT = 32_767;
/** 4713-01-01 BC, where PostgreSQL's calendar begins, give or take the days before it. */
const FIRST_TIME = Date.UTC(-4711, 0, 1);

/** What the loader checks of a page; a head alone has no body and no hash. */
export type Checkable = Readonly<{
  head: PageHead;
  storage?: string;
  contentHash?: string;
  hashVersion?: number;
}>;

/**
 * Foresees the refusals that are known, so that one such page does not cost a bisection. What it lets through may still be
 * refused by the database, whose word counts.
 */
export function refusalOf({ head, storage, contentHash, hashVersion }: Checkable): Refusal | null {
  if (!isInteger(head.version, MAX_INTEGER)) {
    return { code: '22003', message: `version ${head.version} does not fit a PostgreSQL integer` };
  }
  if (hashVersion !== undefined && !isInteger(hashVersion, MAX_SMALLINT)) {
    return { code: '22003', message: `hash version ${hashVersion} does not fit a PostgreSQL smallint` };
  }
  if (!(head.lastUpdated.getTime() >= FIRST_TIME)) {
    return { code: '22008', message: 'the time of the last update is no time that PostgreSQL can store' };
  }
  const field = fieldWithNul(head, storage, contentHash);
  return field === null ? null : { code: '22021', message: `${field} holds a NUL character` };
}

/** Runs for every page of every batch: no objects, no lists. */
function fieldWithNul(head: PageHead, storage = '', contentHash = ''): string | null {
  if (storage.includes('\0')) return 'storage';
  if (head.title.includes('\0')) return 'title';
  if (head.id.includes('\0')) return 'id';
  if (head.spaceKey.includes('\0')) return 'space_key';
  if (head.url.includes('\0')) return 'url';
  if (head.parentId?.includes('\0') === true) return 'parent_id';
  return contentHash.includes('\0') ? 'content_hash' : null;
}

function isInteger(value: number, max: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= max;
}
