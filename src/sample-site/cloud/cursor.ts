import type { Key, Order } from '../state/order.ts';
import { badParameter } from './v2-error.ts';

/** What a list with cursors can be ordered by. */
export type CursorOrder = Order | 'key' | 'name' | 'child-position';

/** Writes the place behind which the next page begins, bound to the order of the listing, as base64 with its padding. */
export function writeCursor(sort: string, order: CursorOrder, key: Key): string {
  const value = order === 'id' ? key.id : JSON.stringify(key.value);
  const json = `{"id":"${key.id}","contentOrder":"${sort}","contentOrderValue":${value}}`;
  const base64 = Buffer.from(json).toString('base64url');
  return base64.padEnd(Math.ceil(base64.length / 4) * 4, '=');
}

/** Reads a cursor; throws a refusal for one that is damaged or belongs to another order. */
export function readCursor(query: URLSearchParams, sort: string, order: CursorOrder): Key | null {
  const text = query.get('cursor');
  if (text === null) return null;
  const cursor = parseCursor(text);
  if (cursor === null || cursor.contentOrder !== sort) throw badParameter('cursor', text, 'a valid cursor');
  return { id: cursor.id, value: order === 'id' ? 0 : cursor.contentOrderValue };
}

type Cursor = Readonly<{ id: string; contentOrder: string; contentOrderValue: string | number }>;

function parseCursor(text: string): Cursor | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return isCursor(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isCursor(value: unknown): value is Cursor {
  if (typeof value !== 'object' || value === null) return false;
  if (!('id' in value) || !('contentOrder' in value) || !('contentOrderValue' in value)) return false;
  const { id, contentOrder, contentOrderValue } = value;
  return (
    typeof id === 'string' &&
    typeof contentOrder === 'string' &&
    (typeof contentOrderValue === 'string' || typeof contentOrderValue === 'number')
  );
}
