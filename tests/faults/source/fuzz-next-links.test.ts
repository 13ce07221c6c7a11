import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pathAndQuery, type ApiRequest } from '../../../src/confluence/client/api-request.ts';
import { createClient } from '../../../src/confluence/client/create-client.ts';
import type { Transport } from '../../../src/confluence/client/create-transport.ts';
import { cursorPager } from '../../../src/confluence/listing/cursor-pager.ts';
import { nextCursor } from '../../../src/confluence/listing/next-cursor.ts';
import { offsetPager } from '../../../src/confluence/listing/offset-pager.ts';
import type { Pager } from '../../../src/confluence/listing/pager.ts';
import { scanPager } from '../../../src/confluence/listing/scan-pager.ts';
import { searchPager } from '../../../src/confluence/listing/search-pager.ts';
import { walk } from '../../../src/confluence/listing/walk.ts';
import { WrongConfiguration } from '../../../src/sync/errors.ts';
import { databaseParts } from '../../support/database-parts.ts';
import { fuzz } from '../../support/fuzz.ts';
import { listLinks, type ListLinks } from '../../support/list-links-arbitrary.ts';

const never = new AbortController().signal;
const roots = [
  'https://people.example.com/wiki',
  'https://api.atlassian.com/ex/confluence/a1b2/wiki',
  'https://people.example.com:8443/confluence',
  'http://127.0.0.1:8090',
];

/** A transport that sends nothing: it notes each request, and answers with these links once and then with the end. */
function recording(links: ListLinks) {
  const sent: ApiRequest[] = [];
  const transport: Transport = {
    send: (request) => {
      sent.push(request);
      const value = sent.length === 1 ? { results: [{}], ...links } : { results: [] };
      const body = new TextEncoder().encode(JSON.stringify(value));
      return Promise.resolve({ kind: 'answer', status: 200, headers: new Map(), body });
    },
    post: () => Promise.reject(new Error('nothing is posted')),
    close: () => undefined,
  };
  return { sent, transport };
}

function pagersOf(root: string): readonly Pager[] {
  const list = {
    root,
    path: '/api/list',
    query: [['sort', 'id']] as const,
    route: '/api/list',
    what: 'listing',
  };
  const sizes = { heads: 250, bodies: 100 };
  return [
    cursorPager(list, sizes, []),
    scanPager(list, sizes, () => 'version'),
    offsetPager(list, 200),
    searchPager(list, 200),
  ];
}

async function walkOver(pager: Pager, transport: Transport) {
  const settings = {
    credentials: { kind: 'basic', user: 'ada', secret: 'canary' },
    concurrency: 1,
    tokenUrl: new URL('http://127.0.0.1:1/oauth/token'),
  } as const;
  const client = createClient(transport, settings, databaseParts);
  const parts = { client, isUp: () => Promise.resolve(true) };
  let last = '';
  try {
    for await (const event of walk(parts, pager, false, never)) last = event.kind;
  } catch (error) {
    expect(error).toBeInstanceOf(WrongConfiguration);
    last = 'refused to go there';
  }
  return last;
}

test('S12 whatever a next link says, every request stays at the pinned origin and path', async () => {
  const ends = new Map<string, number>();
  const inputs = fc.record({ links: listLinks, root: fc.constantFrom(...roots), pager: fc.nat(3) });

  await fuzz(inputs, async ({ links, root, pager: index }) => {
    const { sent, transport } = recording(links);
    const [pager] = pagersOf(root).slice(index);
    if (pager === undefined) throw new Error('no such pager');

    const end = await walkOver(pager, transport);

    ends.set(end, (ends.get(end) ?? 0) + 1);
    for (const request of sent) {
      const { origin, pathname, username } = new URL(`${request.root}${pathAndQuery(request)}`);
      const own = new URL(root);
      if (
        origin !== own.origin ||
        pathname !== `${own.pathname.replace(/\/$/, '')}/api/list` ||
        username !== ''
      )
        throw new Error(`sent to ${origin}${pathname}`);
    }
    if (sent.length > 12) throw new Error(`${sent.length} requests`);
  });

  expect([...ends.keys()].sort()).toEqual(['broken', 'end', 'refused to go there']);
});

test('S12 a next link gives a cursor, nothing, nothing usable, or a refusal to go there', async () => {
  const kinds = new Map<string, number>();
  const inputs = fc.record({ links: listLinks, root: fc.constantFrom(...roots) });

  await fuzz(inputs, ({ links: { _links: links }, root }) => {
    const next = typeof links.next === 'string' ? links.next : undefined;
    const base = typeof links.base === 'string' ? links.base : undefined;
    let kind: string;
    try {
      const link = nextCursor(next, base, root);
      kind = link.kind;
      if (link.kind === 'cursor') expect(link.cursor).not.toBe('');
    } catch (error) {
      expect(error).toBeInstanceOf(WrongConfiguration);
      expect(String(error)).not.toContain('secret-word');
      kind = 'foreign';
    }
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  });

  expect([...kinds.keys()].sort()).toEqual(['cursor', 'foreign', 'none', 'unusable']);
});
