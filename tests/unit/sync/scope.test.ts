import { describe, expect, test } from '@jest/globals';
import { chooseSpaces, createScope } from '../../../src/sync/scope.ts';
import type { Space } from '../../../src/sync/page.ts';

const spaces: Space[] = ['HR', 'ENG', 'ENG-OLD', '~ada'].map((key) => ({
  id: key,
  key,
  name: key,
  status: 'current',
}));
const all = {
  spaces: [],
  excludeSpaces: [],
  archived: 'include',
  contentTypes: ['page'],
  rootPages: [],
} as const;
const keys = (chosen: readonly Space[]) => chosen.map((space) => space.key);

describe('scope', () => {
  test('no wanted keys want every visible space', () => {
    expect(keys(chooseSpaces(spaces, all, []).wanted)).toEqual(['HR', 'ENG', 'ENG-OLD', '~ada']);
  });

  test('patterns match whole keys without regard to case', () => {
    const wants = createScope({ ...all, spaces: ['eng*', '~*', 'H?'] });

    expect(['HR', 'ENG', 'ENG-OLD', '~ada'].every(wants)).toBe(true);
    expect(['H', 'HRX', 'XENG', 'ada', ''].some(wants)).toBe(false);
  });

  test('excluded spaces are out even when they are wanted by name', () => {
    expect(
      keys(chooseSpaces(spaces, { ...all, spaces: ['HR', 'ENG'], excludeSpaces: ['e*'] }, []).wanted),
    ).toEqual(['HR']);
  });

  test('archived spaces are out when they are excluded', () => {
    const archived = spaces.map((space) => ({ ...space, status: 'archived' as const }));

    expect(chooseSpaces(archived, { ...all, archived: 'exclude' }, []).wanted).toEqual([]);
  });

  test('a wanted key that no visible space has is named, a pattern is not', () => {
    expect(chooseSpaces(spaces, { ...all, spaces: ['hr', 'NOPE', 'Z*'] }, []).unseen).toEqual(['NOPE']);
    expect(chooseSpaces(spaces, all, ['TYPO']).unseen).toEqual(['TYPO']);
  });

  test('narrowing a run does not widen the scope', () => {
    expect(keys(chooseSpaces(spaces, { ...all, spaces: ['HR'] }, ['ENG', 'HR']).wanted)).toEqual(['HR']);
  });

  test('a hostile pattern is judged in a moment', () => {
    expect(createScope({ ...all, spaces: ['*a'.repeat(200) + 'b'] })('a'.repeat(5000))).toBe(false);
  });
});
