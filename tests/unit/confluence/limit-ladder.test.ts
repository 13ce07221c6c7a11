import { expect, test } from '@jest/globals';
import { createLimitLadder } from '../../../src/confluence/listing/create-limit-ladder.ts';

test('the size is halved down to one and no further', () => {
  const ladder = createLimitLadder(250);
  const sizes = [ladder.size()];

  while (ladder.shrink()) sizes.push(ladder.size());

  expect(sizes).toEqual([250, 125, 62, 31, 15, 7, 3, 1]);
});

test('after a while of success the size grows back', () => {
  const ladder = createLimitLadder(100);
  ladder.shrink();

  for (let count = 0; count < 8; count++) ladder.worked();

  expect(ladder.size()).toBe(100);
});

test('a size that failed twice is not tried again', () => {
  const ladder = createLimitLadder(100);
  ladder.shrink();
  for (let count = 0; count < 8; count++) ladder.worked();
  ladder.shrink();

  for (let count = 0; count < 100; count++) ladder.worked();

  expect(ladder.size()).toBe(50);
});
