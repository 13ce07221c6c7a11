import type { Call } from '../http/call.ts';
import type { Fault } from './fault.ts';
import { nextOf, readList, withList, withNext } from './next-link.ts';

/** Faults in the addresses that lists tell. */
export const nextFaults = {
  foreign_next: {
    summary: '`next` on another host',
    parameters: {
      host: { kind: 'text', usual: 'evil.example', meaning: 'the other host, with its port' },
      style: {
        kind: 'text',
        usual: 'absolute',
        meaning:
          '`absolute`, `protocol` (//host/…), `backslash` (\\\\host\\…), `userinfo` (site@host), `subdomain` (site.host) or `port` (the site’s name, another port)',
        choices: ['absolute', 'protocol', 'backslash', 'userinfo', 'subdomain', 'port'],
      },
    },
    rewrite: (answer, { site, values }) => {
      const next = nextOf(answer);
      return next === null
        ? answer
        : withNext(answer, `${foreign(values.text('style'), values.text('host'), site.base())}${next}`);
    },
  },
  odd_next: {
    summary: '`next` on the site’s own host, written in a way that careless clients misread',
    parameters: {
      style: {
        kind: 'text',
        usual: 'absolute',
        meaning:
          '`absolute`, `doubled` (the path before the API twice), `bare` (without it), `dots` (`/../`), `fragment`, or `outside` (another path)',
        choices: ['absolute', 'doubled', 'bare', 'dots', 'fragment', 'outside'],
      },
    },
    rewrite: (answer, { call, site, values }) => {
      const next = nextOf(answer);
      return next === null ? answer : withNext(answer, odd(values.text('style'), next, call, site.base()));
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

function foreign(style: string, host: string, base: string): string {
  const own = new URL(base);
  switch (style) {
    case 'protocol':
      return `//${host}`;
    case 'backslash':
      return `\\\\${host}`;
    case 'userinfo':
      return `http://${own.host}@${host}`;
    case 'subdomain':
      return `https://${own.hostname}.${host}`;
    case 'port':
      return `${own.protocol}//${own.hostname}:9`;
    default:
      return `https://${host}`;
  }
}

function odd(style: string, next: string, call: Call, base: string): string {
  const prefix = call.path.slice(0, call.path.length - call.route.length) || '/wiki';
  const bare = next.startsWith('/wiki/') ? next.slice('/wiki'.length) : next;
  switch (style) {
    case 'doubled':
      return `${prefix}${prefix}${bare}`;
    case 'bare':
      return bare;
    case 'dots':
      return `/nowhere/..${next}`;
    case 'fragment':
      return `${next}#top`;
    case 'outside':
      return `/elsewhere${next}`;
    default:
      return `${new URL(base).origin}${next.startsWith('/wiki/') ? '' : prefix}${next}`;
  }
}
