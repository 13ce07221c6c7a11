import { v2Error } from '../cloud/v2-error.ts';
import type { Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Site } from '../http/site.ts';
import { noContent } from '../v1/v1-error.ts';
import { contentRows, isRow, mapContent, type Row } from './content-rows.ts';
import { detourOf } from './detour-of.ts';
import type { Fault } from './fault.ts';
import { isLaterPart, listKey } from './list-key.ts';
import { nextOf, readList, withList, withNext } from './next-link.ts';
import { shareOf } from './share-of.ts';

/** Faults in lists and the links between their pages. */
export const listingFaults = {
  listing_cut: {
    summary: 'no `next` although more exists',
    parameters: {},
    rewrite: (answer) => withNext(answer, null),
  },
  cursor_loop: {
    summary: '`next` leads to the page just given, from the second page on',
    parameters: {},
    rewrite: (answer, { call }) => {
      const again = call.query.has('cursor') || Number(call.query.get('start') ?? '0') > 0;
      return again ? withNext(answer, ownAddress(answer.headers, call)) : answer;
    },
  },
  cursor_circle: {
    summary: '`next` leads from the second page back to the first: A, B, A',
    parameters: {},
    rewrite: (answer, { call, memory: { rows } }) => {
      const key = listKey(call);
      if (!isLaterPart(call)) {
        rows.set(key, detourOf(call));
        return answer;
      }
      const first = rows.get(key);
      const back = typeof first === 'string' && !sameCursor(first, call);
      return back ? withNext(answer, first) : answer;
    },
  },
  repeated_page: {
    summary: 'every page of a listing comes twice before the next one',
    parameters: {},
    rewrite: (answer, { call, memory: { numbers } }) => {
      const key = listKey(call);
      const nth = (numbers.get(key) ?? 0) + 1;
      numbers.set(key, nth);
      return nth % 2 === 1 && nextOf(answer) !== null ? withNext(answer, detourOf(call)) : answer;
    },
  },
  offset_drift: {
    summary: '`next` counts rows wrongly: it skips some, or below zero gives some again',
    only: 'datacenter',
    parameters: { rows: { kind: 'number', usual: '5', meaning: 'rows too many' } },
    rewrite: (answer, { values }) => {
      const next = nextOf(answer) ?? '';
      const drifted = next.replace(/([?&]start=)(\d+)/, (_, name: string, start: string) =>
        [name, Math.max(0, Number(start) + values.number('rows'))].join(''),
      );
      return drifted === next ? answer : withNext(answer, drifted);
    },
  },
  stale_duplicate: {
    summary: 'the last page of one part of a listing comes again in the next, in an older version',
    parameters: { by: { kind: 'number', usual: '1', meaning: 'how many versions older' } },
    rewrite: (answer, { call, values, memory: { rows } }) => {
      const key = listKey(call);
      const list = readList(answer);
      const before = isLaterPart(call) ? rows.get(key) : undefined;
      const last = contentRows(answer).at(-1);
      if (list === null || last === undefined) return answer;
      rows.set(key, last);
      if (!isRow(before)) return answer;
      return withList(answer, { ...list, results: [older(before, values.number('by')), ...list.results] });
    },
  },
  shrunk_listing: {
    summary: 'lists leave out a share of the pages, and look finished',
    parameters: {
      share: { kind: 'number', usual: '0.5', meaning: 'the share, from 0 to 1' },
      by_id: {
        kind: 'text',
        usual: 'shown',
        meaning: '`shown`: asked for by id they are there; `gone`: 404',
        choices: ['shown', 'gone'],
      },
    },
    rewrite: (answer, ground) => {
      const { call, values, site } = ground;
      const leftOut = ({ id }: Row): boolean =>
        shareOf(id, values.number('fault_seed')) < values.number('share');
      const byId = readList(answer) === null || call.query.has('id') || call.query.has('ids');
      if (!byId) return mapContent(answer, (row) => (leftOut(row) ? null : row));
      if (values.text('by_id') === 'shown') return answer;
      if (readList(answer) !== null) return mapContent(answer, (row) => (leftOut(row) ? null : row));
      const { body } = answer;
      const gone = body.kind === 'json' && isRow(body.value) && 'title' in body.value && leftOut(body.value);
      return gone ? missing(site, call) : answer;
    },
  },
  empty_page_with_next: {
    summary: 'no rows, and a `next` behind which they follow',
    parameters: {},
    rewrite: (answer, { call }) => {
      const list = readList(answer);
      if (list === null || list.results.length === 0) return answer;
      return withNext(withList(answer, { ...list, results: [] }), detourOf(call));
    },
  },
  duplicate_row: {
    summary: 'the first row twice',
    parameters: {},
    rewrite: (answer) => {
      const list = readList(answer);
      return list === null
        ? answer
        : withList(answer, { ...list, results: [...list.results.slice(0, 1), ...list.results] });
    },
  },
  empty_listing: {
    summary: 'no rows and no `next`: the listing looks finished',
    parameters: {},
    rewrite: (answer) => {
      const list = readList(answer);
      return list === null ? answer : withNext(withList(answer, { ...list, results: [] }), null);
    },
  },
} as const satisfies Record<string, Fault>;

function ownAddress(headers: Readonly<Record<string, string>>, call: Call): string {
  // Only v2 answers carry a link header, and only v2's `next` begins with `/wiki`.
  const prefix = headers['link'] === undefined ? '' : '/wiki';
  const cursor = call.query.get('cursor');
  if (cursor === null) return `${prefix}${call.route}?${call.query.toString()}`;
  const rest = new URLSearchParams(call.query);
  rest.delete('cursor');
  return `${prefix}${call.route}?cursor=${cursor}&${rest.toString()}`;
}

/** Whether an address leads on with the very cursor of a call. */
function sameCursor(address: string, { query }: Call): boolean {
  const cursor = new URLSearchParams(address.split('?')[1]).get('cursor');
  return cursor !== null && cursor === query.get('cursor');
}

function older(row: Row, by: number): Row {
  const { version } = row;
  if (!isRow(version) || typeof version['number'] !== 'number') return row;
  return { ...row, version: { ...version, number: Math.max(1, version['number'] - by) } };
}

function missing(site: Site, call: Call): Answer {
  const id = call.param('id');
  const refusal =
    site.options.deployment === 'cloud'
      ? v2Error(404, 'NOT_FOUND', `Cannot find a page with id [${id}]`)
      : noContent(id);
  return refusal.answer;
}
