import { createHash } from 'node:crypto';
import type { PageRecord } from '../../../src/sync/page.ts';

/** So many new pages with bodies of this length. */
export function makeRecords(count: number, bodyLength: number): readonly PageRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const id = String(100_000 + index);
    return {
      head: {
        kind: 'head',
        id,
        type: 'page',
        title: `How we do thing number ${id}`,
        spaceKey: `SPACE${index % 7}`,
        status: 'current',
        version: 1,
        lastUpdated: new Date(1_750_000_000_000 + index * 1_000),
        parentId: index === 0 ? null : String(100_000 + Math.floor(index / 10)),
        url: `https://example.atlassian.net/wiki/spaces/SPACE${index % 7}/pages/${id}`,
      },
      storage: text(index, bodyLength),
      contentHash: digest(id),
      hashVersion: 1,
      wentBack: false,
    };
  });
}

/** The same pages a version later, with other bodies. */
export function changedRecords(records: readonly PageRecord[]): readonly PageRecord[] {
  return records.map((record) => ({
    ...record,
    storage: record.storage === '' ? '' : `${record.storage} changed`,
    contentHash: digest(`${record.head.id} changed`),
    head: { ...record.head, version: 2 },
  }));
}

/** Words in an order of their own for each page, about as compressible as prose. */
function text(seed: number, length: number): string {
  const words: string[] = [];
  let state = seed + 1;
  for (let size = 0; size < length;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const word = `<p>${WORDS[state % WORDS.length] ?? ''}${(state % 977).toString(36)}</p>`;
    words.push(word);
    size += word.length;
  }
  return words.join('');
}

const WORDS =
  'the page of a team that writes what it does and why so others need not ask again tomorrow'.split(' ');

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
