import { expect, test } from '@jest/globals';
import { createLimiter } from '../../../src/confluence/client/create-limiter.ts';
import { Interrupted } from '../../../src/sync/errors.ts';

const never = new AbortController().signal;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('never more tasks run than allowed, and they start in order', async () => {
  const limiter = createLimiter(2);
  const started: number[] = [];
  let running = 0;
  let most = 0;

  const tasks = [1, 2, 3, 4, 5].map((task) =>
    limiter(never, async () => {
      started.push(task);
      most = Math.max(most, ++running);
      await turn();
      running--;
    }),
  );
  await Promise.all(tasks);

  expect(most).toBe(2);
  expect(started).toEqual([1, 2, 3, 4, 5]);
});

test('a task that fails or leaves the line takes no place with it', async () => {
  const limiter = createLimiter(1);
  const stop = new AbortController();
  const failing = limiter(never, async () => {
    await turn();
    throw new Error('failed');
  });
  const leaving = limiter(stop.signal, () => Promise.resolve('never'));
  const ended = Promise.allSettled([failing, leaving]);
  stop.abort();

  expect(await ended).toMatchObject([
    { reason: new Error('failed') },
    { reason: expect.any(Interrupted) as unknown },
  ]);
  expect(await limiter(never, () => Promise.resolve('done'))).toBe('done');
});
