import type { ContentType } from '../../sync/page.ts';
import type { ContentStatus } from '../content.ts';
import type { Call } from '../http/call.ts';
import type { Key, Order } from '../state/order.ts';
import { readCursor } from './cursor.ts';
import { readIds, readLimit, readWord, readWords } from './read-query.ts';

/** What a list of pages or blog posts is asked for. */
export type ListRequest = Readonly<{
  ids: readonly string[] | null;
  spaceIds: readonly string[] | null;
  statuses: readonly ContentStatus[];
  title: string | null;
  rootOnly: boolean;
  body: 'storage' | 'atlas_doc_format' | null;
  sort: string;
  order: Order;
  descending: boolean;
  after: Key | null;
  limit: number;
}>;

const MOST_IDS = 250;
const MOST_SPACES = 100;
const BODY_FORMATS = ['storage', 'atlas_doc_format'] as const;

type Allowed = Readonly<{
  statuses: readonly ListStatus[];
  usual: readonly ContentStatus[];
  orders: readonly Order[];
}>;
type ListStatus = ContentStatus | 'deleted';

const ALLOWED: Readonly<Record<ContentType, Allowed>> = {
  page: {
    statuses: ['current', 'archived', 'deleted', 'trashed'],
    usual: ['current', 'archived'],
    orders: ['id', 'created-date', 'modified-date', 'title'],
  },
  blogpost: {
    statuses: ['current', 'deleted', 'trashed'],
    usual: ['current'],
    orders: ['id', 'created-date', 'modified-date'],
  },
};

/** Reads and checks a list's parameters as v2 does; unknown ones are ignored. */
export function readListRequest(call: Call, type: ContentType): ListRequest {
  const { query } = call;
  const allowed = ALLOWED[type];
  const sort =
    readWord(
      query,
      'sort',
      allowed.orders.flatMap((one) => [one, `-${one}`]),
    ) ?? 'id';
  const order = allowed.orders.find((one) => one === sort || `-${one}` === sort) ?? 'id';
  return {
    ids: readIds(query, 'id', MOST_IDS),
    spaceIds: readIds(query, 'space-id', MOST_SPACES),
    statuses:
      readWords(query, 'status', allowed.statuses)?.filter((one) => one !== 'deleted') ?? allowed.usual,
    title: query.get('title'),
    rootOnly: readWord(query, 'depth', ['all', 'root']) === 'root',
    body: readWord(query, 'body-format', BODY_FORMATS),
    sort,
    order,
    descending: sort.startsWith('-'),
    after: readCursor(query, sort, order),
    limit: Math.min(readLimit(query), call.cap ?? Infinity),
  };
}
