import type { ContentType, PageFailure } from '../../sync/page.ts';
import type { ParsedRow } from './parsed-row.ts';
import { readDate } from './read-date.ts';
import { isLive } from './read-status.ts';

/** The fields of a row before they are believed. */
export type RowFields = Readonly<{
  id: string;
  type: ContentType;
  title: unknown;
  spaceKey: string | null;
  status: string | null;
  version: unknown;
  date: unknown;
  parentId: string | null;
  ancestorIds?: readonly string[] | null;
  url: string;
  storage: unknown;
  /** True where bytes of the answer had to be replaced. */
  lossy: boolean;
}>;

const HIGHEST_VERSION = 2_147_483_647;

/** Checks the fields of a live row; the first one that is missing or wrong makes it a failure that names it. */
export function readHead(fields: RowFields): ParsedRow {
  const { id, type, title, spaceKey, status, version, url, storage, lossy } = fields;
  const fail = (code: string, message: string) => failureOf(fields, code, message);
  if (typeof title !== 'string') return fail('missing_title', `page ${id} has no title`);
  if (spaceKey === null) return fail('missing_space', `page ${id} does not say which space it is in`);
  if (!isLive(status)) return fail('bad_status', `page ${id} has no status that a page can have`);
  if (version === undefined || version === null)
    return fail('missing_version', `page ${id} has no version number`);
  if (!isVersion(version))
    return fail(
      'bad_version',
      `page ${id} has a version number that is no integer from 0 to ${HIGHEST_VERSION}`,
    );
  const lastUpdated = readDate(fields.date);
  if (lastUpdated === null) return fail('bad_date', `page ${id} has no readable version date`);
  if (lossy && isDamaged(title)) return fail('invalid_utf8', `page ${id} has a title that is not UTF-8`);
  const head = {
    kind: 'head' as const,
    id,
    type,
    title,
    spaceKey,
    status,
    version,
    lastUpdated,
    ...placeOf(fields),
    url,
  };
  return {
    kind: 'live',
    head,
    storage: typeof storage === 'string' ? storage : null,
    damaged: lossy && isDamaged(storage),
  };
}

function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= HIGHEST_VERSION;
}

function isDamaged(text: unknown): boolean {
  return typeof text === 'string' && text.includes('\uFFFD');
}

function failureOf(fields: RowFields, code: string, message: string): PageFailure {
  const { id, spaceKey, title, version } = fields;
  return {
    kind: 'failure',
    id,
    spaceKey: spaceKey ?? '',
    title: typeof title === 'string' ? title : null,
    version: isVersion(version) ? version : null,
    stage: 'parse',
    code,
    message,
    ...placeOf(fields),
  };
}

function placeOf({ parentId, ancestorIds }: RowFields) {
  return { parentId, ...(ancestorIds !== undefined && { ancestorIds }) };
}
