import { describe, expect, test } from '@jest/globals';
import { poisonKinds, type PoisonKind } from '../../../src/sample-site/poison/poison-kinds.ts';
import { rawNesting, rawNumber, writeJson } from '../../../src/sample-site/poison/raw-json.ts';
import type { Served } from '../../../src/sample-site/poison/served.ts';

const healthy: Served = {
  id: '9007199254740993',
  title: 'Plan',
  status: 'current',
  version: { number: 2, when: 1_700_000_000_000 },
  storage: '<p>text</p>',
  extra: {},
};

describe('poison', () => {
  test.each(Object.keys(poisonKinds) as PoisonKind[])(
    'of kind %s makes another answer that is still JSON',
    (kind) => {
      const poisoned = poisonKinds[kind].apply(healthy, { kind, bytes: 1_000, depth: 300 });

      expect(writeJson(poisoned)).not.toBe(writeJson(healthy));
      expect(() => JSON.parse(writeJson(poisoned)) as unknown).not.toThrow();
    },
  );

  test('writes numbers and nestings that no object can hold', () => {
    const json = writeJson({
      id: rawNumber('9007199254740993'),
      body: rawNesting(200_000),
      title: 'a\u0000b',
    });

    expect(json).toContain('"id":9007199254740993,');
    expect(json).toContain(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect(json).toContain('"title":"a\\u0000b"');
  });

  test('has at least fourteen kinds, some to be refused and some to be stored', () => {
    const refusable = Object.values(poisonKinds).filter((kind) => kind.refusable);

    expect(Object.keys(poisonKinds).length).toBeGreaterThanOrEqual(14);
    expect(refusable.length).toBeGreaterThan(5);
    expect(refusable.length).toBeLessThan(Object.keys(poisonKinds).length - 5);
  });
});
