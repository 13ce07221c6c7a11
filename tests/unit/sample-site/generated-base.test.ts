import { describe, expect, test } from '@jest/globals';
import { createGeneratedBase } from '../../../src/sample-site/base/generated-base.ts';
import { compareIds } from '../../../src/sample-site/state/compare-ids.ts';

const base = createGeneratedBase({
  type: 'page',
  size: 2_000,
  spaces: 7,
  seed: 3,
  bodyBytes: 1_500,
  folders: true,
});
const all = Array.from({ length: base.size }, (_, index) => base.contentAt(index));

describe('invented pages', () => {
  test('have ids that ascend, come back to their index, and pass 2^53', () => {
    for (const [index, content] of all.entries()) {
      const next = all[index + 1];
      expect(base.indexOf(content.id)).toBe(index);
      if (next !== undefined) expect(compareIds(content.id, next.id)).toBeLessThan(0);
    }

    expect(Number(all[0]?.id)).toBeGreaterThan(2 ** 31);
    expect(all.filter(({ id }) => !Number.isSafeInteger(Number(id))).length).toBeGreaterThan(100);
  });

  test('have times that never fall with the id, and some that are equal', () => {
    const gaps = all.slice(1).map((content, index) => content.updatedAt - (all[index]?.updatedAt ?? 0));

    expect(Math.min(...gaps)).toBe(0);
    expect(gaps.filter((gap) => gap === 0).length).toBeGreaterThan(200);
  });

  test('have titles that nobody shares, some of them odd', () => {
    const titles = new Set(all.map(({ title }) => title.toLowerCase()));

    expect(titles.size).toBe(all.length);
    expect(all.some(({ title }) => title !== title.trim())).toBe(true);
    expect(all.some(({ title }) => title.includes('\ufffd'))).toBe(true);
    expect(Math.max(...all.map(({ title }) => title.length))).toBeLessThanOrEqual(255);
  });

  test('lie in one tree a space, whose root is the homepage', () => {
    for (const content of all.filter(({ parentType }) => parentType === 'page')) {
      const parent = base.indexOf(content.parentId ?? '');
      expect(parent).not.toBeNull();
      expect(base.contentAt(parent ?? 0).spaceIndex).toBe(content.spaceIndex);
      expect(compareIds(base.contentAt(parent ?? 0).id, content.id)).toBeLessThan(0);
    }

    expect(all.filter(({ parentId }) => parentId === null)).toHaveLength(7);
    expect(all.some(({ parentType }) => parentType === 'folder')).toBe(true);
  });

  test('have the body of the wanted size, the same each time, and another after an edit', () => {
    const bodies = all.map((_, index) => base.textAt(index, 0));
    const mean = bodies.reduce((sum, body) => sum + body.length, 0) / bodies.length;

    expect(mean).toBeGreaterThan(1_200);
    expect(mean).toBeLessThan(2_300);
    expect(base.textAt(5, 0)).toBe(bodies[5]);
    expect(base.textAt(5, 1)).not.toBe(bodies[5]);
    expect(bodies.filter((body) => body === '').length).toBeGreaterThan(10);
  });
});
