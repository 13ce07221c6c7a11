import { expect, test } from '@jest/globals';
import { readAnswer } from '../../../src/confluence/client/read-answer.ts';
import { linkBase } from '../../../src/confluence/parse/page-url.ts';
import { parseCloudPage } from '../../../src/confluence/parse/parse-cloud-page.ts';
import { parseDataCenterPage } from '../../../src/confluence/parse/parse-data-center-page.ts';
import { parseEnvelope } from '../../../src/confluence/parse/parse-envelope.ts';
import type { ParsedRow } from '../../../src/confluence/parse/parsed-row.ts';
import { fuzz, FUZZ_TIMEOUT_MS } from '../../support/fuzz.ts';
import { pageLists, type PageList } from '../../support/page-row-arbitrary.ts';

const request = {
  root: 'https://people.example.com',
  path: '/list',
  query: [],
  route: '/list',
  what: 'listing',
};
const encoder = new TextEncoder();

function* readRows({ text, base }: PageList): Generator<ParsedRow> {
  const exchange = { kind: 'answer', status: 200, headers: new Map(), body: encoder.encode(text) } as const;
  const answer = readAnswer(exchange, request, 1);
  const envelope = answer.kind === 'json' ? parseEnvelope(answer.value) : null;
  if (answer.kind !== 'json' || envelope === null) return;
  const { lossy } = answer;
  for (const row of envelope.results) {
    const named = linkBase(envelope._links?.base, base);
    const spaceKeyOf = (id: string | null) => (id === null ? null : 'HR');
    yield parseCloudPage(row, { type: 'page', base: named, spaceKeyOf, lossy });
    yield parseDataCenterPage(row, { base, contentTypes: ['page'], spaceKey: null, lossy });
  }
}

/** Null where the row is one that the rest of the product may trust, else what is wrong with it. */
function faultOf(row: ParsedRow): string | null {
  switch (row.kind) {
    case 'unusable':
      return row.reason === '' ? 'no reason' : null;
    case 'other':
      return isId(row.id) ? null : 'id';
    case 'failure':
      return isId(row.id) && row.stage === 'parse' && row.message.length < 500 ? null : 'failure';
    case 'live': {
      const { id, parentId, lastUpdated, version, url } = row.head;
      if (!isId(id) || !(parentId === null || isId(parentId))) return 'id';
      if (Number.isNaN(lastUpdated.getTime())) return 'date';
      if (!Number.isInteger(version) || version < 0 || version > 2_147_483_647) return 'version';
      if (!/^\w+$/.test(row.head.status) || typeof (row.head.title as unknown) !== 'string')
        return 'title or status';
      return isAddress(url) ? null : `address ${url.slice(0, 300)}`;
    }
  }
}

function isId(id: string): boolean {
  return /^\d{1,19}$/.test(id);
}

function isAddress(url: string): boolean {
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) return false;
  const { protocol, username, password, hostname } = new URL(url);
  return /^https?:$/.test(protocol) && username === '' && password === '' && !hostname.includes('evil');
}

test(
  'S44 S45 S46 S51 whatever a list of pages holds, each row is a page, a failure, other content or unusable',
  async () => {
    const kinds = new Map<string, number>();

    await fuzz(pageLists, (list) => {
      for (const row of readRows(list)) {
        const fault = faultOf(row);
        if (fault !== null) throw new Error(`a row of kind ${row.kind} with a wrong ${fault}`);
        kinds.set(row.kind, (kinds.get(row.kind) ?? 0) + 1);
      }
    });

    expect([...kinds.keys()].sort()).toEqual(['failure', 'live', 'other', 'unusable']);
  },
  FUZZ_TIMEOUT_MS,
);
