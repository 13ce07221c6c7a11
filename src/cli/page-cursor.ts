import type { Database } from '../postgres/open-database.ts';
import { parseMoment } from './parse-moment.ts';

/** An order of pages and a place in it. */
export type Walk = Parameters<Database['queries']['pages']>[1];
/** A page's row. */
export type Page = Awaited<ReturnType<Database['queries']['pages']>>[number];

/** Writes the place after a page: `SPACE/ID`, or `TIME/ID` in the order of the last update. */
export function writeCursor(order: Walk['order'], page: Page): string {
  const { id, space_key: space, last_updated: time } = page;
  return order === 'place' ? `${space}/${id}` : `${time.toISOString()}/${id}`;
}

/** Reads a cursor; null where it is none, or one of another order. */
export function readCursor(order: Walk['order'], text: string): Walk | null {
  const [, place, id] = /^(.+)\/(\d{1,19})$/.exec(text) ?? [];
  if (place === undefined || id === undefined) return null;
  const time = parseMoment(place);
  if (order === 'updated') return time === null ? null : { order, after: { lastUpdated: time, id } };
  return time === null ? { order, after: { spaceKey: place, id } } : null;
}
