import { expect, test } from '@jest/globals';
import { ahead } from '../../../src/sync/ahead.ts';

test('the next value is asked for while the consumer is busy, and never two', async () => {
  let asked = 0;
  async function* source() {
    for (; asked < 5;) yield await Promise.resolve(++asked);
  }

  const seen: [number, number][] = [];
  for await (const value of ahead(source())) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    seen.push([value, asked]);
  }

  expect(seen).toEqual([
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 5],
    [5, 5],
  ]);
});

test('a failing source fails the consumer after what came before, and nothing is left unhandled', async () => {
  async function* source() {
    yield await Promise.resolve(1);
    throw new Error('listing broke');
  }
  const seen: number[] = [];

  const read = async () => {
    for await (const value of ahead(source())) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push(value);
    }
  };

  await expect(read()).rejects.toThrow('listing broke');
  expect(seen).toEqual([1]);
});

test('a consumer that stops early ends the source', async () => {
  let ended = false;
  async function* source() {
    try {
      for (let value = 0; ; value++) yield await Promise.resolve(value);
    } finally {
      ended = true;
    }
  }

  for await (const value of ahead(source())) if (value === 3) break;

  expect(ended).toBe(true);
});
