import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pathAndQuery, type ApiRequest } from '../../../src/confluence/client/api-request.ts';
import { createClient } from '../../../src/confluence/client/create-client.ts';
import { createTransport, type Transport } from '../../../src/confluence/client/create-transport.ts';
import { cursorPager } from '../../../src/confluence/listing/cursor-pager.ts';
import { nextCursor } from '../../../src/confluence/listing/next-cursor.ts';
import { offsetPager } from '../../../src/confluence/listing/offset-pager.ts';
import type { Pager } from '../../../src/confluence/listing/pager.ts';
import { scanPager } from '../../../src/confluence/listing/scan-pager.ts';
import { searchPager } from '../../../src/confluence/listing/search-pager.ts';
import { walk } from '../../../src/confluence/listing/walk.ts';
import { WrongConfiguration } from '../../../src/sync/errors.ts';
import { databaseParts } from '../../support/database-parts.ts';
import { fuzz, FUZZ_TIMEOUT_MS } from '../../support/fuzz.ts';
import { startScriptedSite } from '../../support/scripted-site.ts';
import { plain } from '../../unit/confluence/start-source.ts';
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

/** How a walk over these links ended. */
async function walkOver(pager: Pager, transport: Transport): Promise<string> {
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
    assertRefusal(error);
    last = 'refused to go there';
  }
  return last;
}

function kindOf({ _links: { next, base } }: ListLinks, root: string): string {
  const text = (said: unknown) => (typeof said === 'string' ? said : undefined);
  try {
    const link = nextCursor(text(next), text(base), root);
    if (link.kind === 'cursor' && link.cursor === '') throw new Error('an empty cursor');
    return link.kind;
  } catch (error) {
    assertRefusal(error);
    return 'foreign';
  }
}

function assertRefusal(error: unknown): void {
  if (!(error instanceof WrongConfiguration)) throw error;
  if (error.message.includes('secret-word')) throw new Error('the link is repeated');
}

function assertOwn(request: ApiRequest, root: string): void {
  const { origin, pathname, username } = new URL(`${request.root}${pathAndQuery(request)}`);
  const own = new URL(`${root}/api/list`);
  if (origin !== own.origin || pathname !== own.pathname || username !== '')
    throw new Error(`sent to ${origin}${pathname}`);
}

test(
  'whatever a next link says, every request stays at the pinned origin and path',
  async () => {
    const ends = new Set<string>();
    const kinds = new Set<string>();
    const inputs = fc.record({ links: listLinks, root: fc.constantFrom(...roots), pager: fc.nat(3) });

    await fuzz(inputs, async ({ links, root, pager: index }) => {
      const { sent, transport } = recording(links);
      const [pager] = pagersOf(root).slice(index);
      if (pager === undefined) throw new Error('no such pager');

      kinds.add(kindOf(links, root));
      ends.add(await walkOver(pager, transport));

      for (const request of sent) assertOwn(request, root);
      if (sent.length > 12) throw new Error(`${sent.length} requests`);
    });

    expect([...kinds].sort()).toEqual(['cursor', 'foreign', 'none', 'unusable']);
    expect([...ends].sort()).toEqual(['broken', 'end', 'refused to go there']);
  },
  FUZZ_TIMEOUT_MS,
);

test('over real connections, no next link brings a request to another server or path', async () => {
  const stranger = await startScriptedSite({ '/*': () => ({ json: { results: [] } }) });
  let links: ListLinks = { _links: {} };
  const site = await startScriptedSite({
    '/wiki/api/list': ({ query }) => {
      const isFirst =
        ![...query.keys()].some((name) => name === 'cursor') && (query.get('start') ?? '0') === '0';
      return { json: isFirst ? { results: [{}], ...links } : { results: [] } };
    },
  });
  const root = `${site.origin}/wiki`;
  const transport = createTransport(plain);
  const strange = fc.constantFrom(stranger.host, `ada@${stranger.host}`, `${site.host}@${stranger.host}`);
  const next = fc.tuple(
    fc.constantFrom('http://', '//', '\\\\', 'https://', '/\\', ''),
    strange,
    fc.webPath(),
    fc.constantFrom('?cursor=a', ''),
  );
  const led = next.map((parts) => ({
    _links: { next: parts.join(''), base: `http://${stranger.host}/wiki` },
  }));
  const inputs = fc.record({ links: fc.oneof(listLinks, led), pager: fc.nat(3) });

  try {
    const walked = fc.asyncProperty(inputs, async (input) => {
      links = input.links;
      const [pager] = pagersOf(root).slice(input.pager);
      if (pager !== undefined) await walkOver(pager, transport);
    });
    await fc.assert(walked, { numRuns: 1000 });

    expect(stranger.requests).toEqual([]);
    expect(site.requests.length).toBeGreaterThan(1000);
    expect([...new Set(site.requests.map(({ path }) => path))]).toEqual(['/wiki/api/list']);
  } finally {
    transport.close();
    await site.close();
    await stranger.close();
  }
});
