import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalBody, hashBody } from '../../../src/content/index.ts';
import { meaningfulEdits } from '../../support/meaningful-edits.ts';
import { renderStorage } from '../../support/render-storage.ts';
import { anyString, storageDocument, wellFormedSoup } from '../../support/storage-arbitrary.ts';
import { volatileRewrites } from '../../support/volatile-rewrites.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const canonical = (storage: string): string => canonicalBody(storage).text;
const body = storageDocument.map(renderStorage);

test('the canonical form of a canonical form is itself', () => {
  fc.assert(
    fc.property(fc.oneof(body, wellFormedSoup), (storage) => {
      const once = canonicalBody(storage);

      expect(once.parsed).toBe(true);
      expect(canonicalBody(once.text)).toEqual(once);
    }),
    { numRuns: 3000 },
  );
});

test('any string has a hash, over its canonical form or over itself', () => {
  fc.assert(
    fc.property(fc.oneof(anyString, body, wellFormedSoup), (storage) => {
      const { text, parsed } = canonicalBody(storage);

      expect(hashBody(storage)).toEqual({ contentHash: sha256(text), parsed });
      if (!parsed) expect(text).toBe(storage);
      if (parsed) expect(canonical(text)).toBe(text);
    }),
    { numRuns: 5000 },
  );
});

test('different documents have different canonical forms', () => {
  fc.assert(
    fc.property(storageDocument, storageDocument, (one, other) => {
      const equal = JSON.stringify(one) === JSON.stringify(other);

      expect(canonical(renderStorage(one)) === canonical(renderStorage(other))).toBe(equal);
    }),
    { numRuns: 3000 },
  );
});

describe('a hash survives what Confluence does by itself:', () => {
  test.each(Object.entries(volatileRewrites))('%s', (_name, rewrite) => {
    let rewritten = 0;
    fc.assert(
      fc.property(body, (storage) => {
        const other = rewrite(storage);
        if (other !== storage) rewritten++;

        expect(canonicalBody(other)).toEqual(canonicalBody(storage));
      }),
      { numRuns: 300 },
    );
    expect(rewritten).toBeGreaterThan(5);
  });

  test('several of these together, in any order', () => {
    fc.assert(
      fc.property(body, fc.shuffledSubarray(Object.values(volatileRewrites)), (storage, rewrites) => {
        const rewritten = rewrites.reduce((text, rewrite) => rewrite(text), storage);

        expect(canonicalBody(rewritten)).toEqual(canonicalBody(storage));
      }),
      { numRuns: 1500 },
    );
  });
});

describe('a hash changes with', () => {
  test.each(Object.entries(meaningfulEdits))('%s', (_name, edit) => {
    let edited = 0;
    fc.assert(
      fc.property(body, (storage) => {
        const changed = edit(storage);
        if (changed === storage) return;

        edited++;
        expect(hashBody(changed).parsed).toBe(true);
        expect(hashBody(changed).contentHash).not.toBe(hashBody(storage).contentHash);
      }),
      { numRuns: 300 },
    );
    expect(edited).toBeGreaterThan(5);
  });
});
