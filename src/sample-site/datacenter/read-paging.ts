import type { Call } from '../http/call.ts';
import { badRequest } from '../v1/v1-error.ts';

const DEFAULT_LIMIT = 25;
const MOST = 1_000;
const MOST_EXPANDED = 200;
const MOST_WITH_BODY = 50;

/** The limit that is really used: what was asked for, silently capped by what is expanded. */
export function readLimit(call: Call, expand: ReadonlySet<string>): number {
  const names = [...expand];
  const own = names.some((name) => name.startsWith('body'))
    ? MOST_WITH_BODY
    : names.length > 0
      ? MOST_EXPANDED
      : MOST;
  return Math.min(readCount(call.query, 'limit', DEFAULT_LIMIT), own, call.cap ?? Infinity);
}

/** How many rows to pass over. */
export function readStart(call: Call): number {
  return readCount(call.query, 'start', 0);
}

function readCount(query: URLSearchParams, name: string, usual: number): number {
  const text = query.get(name);
  if (text === null || text === '') return usual;
  if (!/^\d{1,9}$/.test(text)) throw badRequest(`${name} ${text} is no number`);
  return Number(text);
}
