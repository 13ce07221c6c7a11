/**
 * Reads one value ahead of the consumer, so that the next batch is fetched while this one is stored. Never more than one:
 * memory stays that of two batches.
 */
export async function* ahead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let next = start(iterator);
  try {
    for (;;) {
      const result = await next;
      if (result.done === true) return;
      next = start(iterator);
      yield result.value;
    }
  } finally {
    await next.catch(() => undefined);
    await iterator.return?.();
  }
}

function start<T>(iterator: AsyncIterator<T>): Promise<IteratorResult<T>> {
  const next = iterator.next();
  // The consumer may still be busy when this fails: it is awaited later, and is not unhandled until then.
  next.catch(() => undefined);
  return next;
}
