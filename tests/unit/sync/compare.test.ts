import { describe, expect, test } from '@jest/globals';
import { compare, nameChange } from '../../../src/sync/compare.ts';
import type { KnownPage, PageHead } from '../../../src/sync/page.ts';

const head: PageHead = {
  kind: 'head',
  id: '4294967297',
  type: 'page',
  title: 'Onboarding',
  spaceKey: 'HR',
  status: 'current',
  version: 3,
  lastUpdated: new Date('2026-03-19T14:23:48.556Z'),
  parentId: '4294967296',
  url: 'https://wiki.example.com/spaces/HR/pages/4294967297/Onboarding',
};
const known: KnownPage = { ...head, hashVersion: 1, deleted: false };

describe('compare', () => {
  test('a page that nothing tells apart from its row needs nothing', () => {
    expect(compare(head, known)).toBe('nothing');
    expect(nameChange(head, known)).toBe('unchanged');
  });

  test.each([
    ['an unknown page', head, undefined, 'body', 'created'],
    ['a page marked as gone', head, { ...known, deleted: true }, 'body', 'restored'],
    ['a newer version', head, { ...known, version: 2 }, 'body', 'updated'],
    ['an older version', head, { ...known, version: 4 }, 'body', 'updated'],
    ['another time of the same version', head, { ...known, lastUpdated: new Date(0) }, 'body', 'updated'],
    ['another title', head, { ...known, title: 'Offboarding' }, 'body', 'updated'],
    ['another parent', head, { ...known, parentId: null }, 'head', 'moved'],
    ['another space', head, { ...known, spaceKey: 'ENG' }, 'head', 'moved'],
    ['another status', head, { ...known, status: 'archived' as const }, 'head', 'updated'],
    ['another address', head, { ...known, url: 'https://old.example.com/1' }, 'head', 'updated'],
  ])('%s', (_name, listed, stored, need, change) => {
    expect(compare(listed, stored)).toBe(need);
    expect(nameChange(listed, stored)).toBe(change);
  });
});
