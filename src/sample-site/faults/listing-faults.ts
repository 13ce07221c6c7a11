import type { Call } from '../http/call.ts';
import { detourOf } from './detour-of.ts';
import type { Fault } from './fault.ts';
import { nextOf, readList, withList, withNext } from './next-link.ts';

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
  empty_page_with_next: {
    summary: 'no rows, and a `next` behind which they follow',
    parameters: {},
    rewrite: (answer, { call }) => {
      const list = readList(answer);
      if (list === null || list.results.length === 0) return answer;
      return withNext(withList(answer, { ...list, results: [] }), detourOf(call));
    },
  },
  foreign_next: {
    summary: '`next` on another host',
    parameters: {
      host: { kind: 'text', usual: 'evil.example', meaning: 'the other host, with its port' },
      style: {
        kind: 'text',
        usual: 'absolute',
        meaning: '`absolute`, `protocol` (//host/…) or `userinfo` (site@host)',
      },
    },
    rewrite: (answer, { site, values }) => {
      const next = nextOf(answer);
      return next === null
        ? answer
        : withNext(answer, `${foreign(values.text('style'), values.text('host'), site.base())}${next}`);
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
  wrong_base: {
    summary: '`_links.base` as a server behind a proxy tells it',
    parameters: { url: { kind: 'text', usual: 'http://localhost:8090', meaning: 'the wrong base' } },
    rewrite: (answer, { values }) => {
      const list = readList(answer);
      return list === null
        ? answer
        : withList(answer, { ...list, links: { ...list.links, base: values.text('url') } });
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

function foreign(style: string, host: string, base: string): string {
  if (style === 'protocol') return `//${host}`;
  if (style === 'userinfo') return `http://${new URL(base).host}@${host}`;
  return `https://${host}`;
}
