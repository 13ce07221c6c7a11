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

test('what one row did to the sizes is forgotten behind it', () => {
  const ladder = createLimitLadder(100);
  for (let row = 0; row < 5; row++) {
    while (ladder.shrink());
    ladder.forgive();
  }
  expect(ladder.size()).toBe(1);

  ladder.worked();

  expect(ladder.size()).toBe(100);
});

test('a careful ladder begins with one row, and goes on with all if that comes', () => {
  const ladder = createLimitLadder(100, true);
  const first = ladder.size();

  ladder.worked();

  expect([first, ladder.size()]).toEqual([1, 100]);
});

test('sizes are steady again when two answers in a row came', () => {
  const ladder = createLimitLadder(100);
  const steady = [ladder.isSteady()];
  ladder.shrink();
  for (let count = 0; count < 3; count++) {
    steady.push(ladder.isSteady());
    ladder.worked();
  }

  expect([...steady, ladder.isSteady()]).toEqual([true, false, false, true, true]);
});
