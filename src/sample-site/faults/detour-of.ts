import type { Call } from '../http/call.ts';

const LAST_ID = '9223372036854775807';
const LAST_TIME = 8_640_000_000_000_000;

/** An address that leads to the page the call asked for, by a cursor that differs from the call's where there are cursors. */
export function detourOf(call: Call): string {
  const query = new URLSearchParams(call.query);
  query.delete('cursor');
  if (call.route.startsWith('/api/v2/'))
    return `/wiki${call.route}?${withCursor(query, detourCursor(call.query))}`;
  if (!call.route.endsWith('/scan')) return `${call.route}?${call.query.toString()}`;
  const cursor = call.query.get('cursor') ?? 'content:false:';
  return `${call.route}?cursor=${cursor.replace(/^content:false:(null)?/, 'content:false:0')}&${query.toString()}`;
}

function withCursor(query: URLSearchParams, cursor: string): string {
  return query.size === 0 ? `cursor=${cursor}` : `${query.toString()}&cursor=${cursor}`;
}

function detourCursor(query: URLSearchParams): string {
  const cursor = query.get('cursor');
  const json =
    cursor === null ? beforeAll(query.get('sort') ?? 'id') : Buffer.from(cursor, 'base64url').toString();
  // White space behind the JSON makes another cursor of the same place.
  return Buffer.from(`${json} `).toString('base64url');
}

function beforeAll(sort: string): string {
  const descending = sort.startsWith('-');
  const id = descending ? LAST_ID : '0';
  const time = descending ? LAST_TIME : -LAST_TIME;
  const value = /title|key|name/.test(sort) ? (descending ? '\uffff' : '') : time;
  return JSON.stringify({ id, contentOrder: sort, contentOrderValue: value });
}
