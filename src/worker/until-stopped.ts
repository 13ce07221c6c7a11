/**
 * Waits for work that takes no signal. Rejects with the signal's reason as soon as it aborts; what the work still yields
 * afterwards is handed to `discard`, and how it fails is nobody's concern.
 */
export async function untilStopped<Value>(
  stop: AbortSignal,
  work: Promise<Value>,
  discard: (value: Value) => Promise<void>,
): Promise<Value> {
  let letGo = (): void => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    letGo = () => {
      reject(stop.reason as Error);
      work.then(discard).catch(() => undefined);
    };
    if (stop.aborted) letGo();
    else stop.addEventListener('abort', letGo, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    stop.removeEventListener('abort', letGo);
  }
}
